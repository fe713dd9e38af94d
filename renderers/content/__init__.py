"""Random content without pixels, one folder a modality: pure functions of a generator; beside them fonts and words."""
