"""Target grammars, one folder or file each, with `normalize`, `check`, `equal`; renderers and scorers share them."""
