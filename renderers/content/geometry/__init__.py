"""Random figures of plane geometry, solids and curves, as coordinates; no pixels."""
