"""Random tables: grids with headers, groups and values of one kind a column; no pixels."""
