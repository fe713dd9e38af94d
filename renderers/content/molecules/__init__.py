"""Random molecules, put together from pieces or taken from a corpus."""
