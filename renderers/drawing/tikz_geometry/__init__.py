"""How figures are styled, inked by TeX, and proven."""
