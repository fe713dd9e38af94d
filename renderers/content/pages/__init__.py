"""Random formatted pages: which blocks stand on them, in which order and words; no pixels."""
