"""Random charts as data: what is measured, in which numbers, under which names; no pixels."""
