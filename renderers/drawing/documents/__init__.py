"""How documents look, how a page of HTML sets them, and the proof that it did."""
