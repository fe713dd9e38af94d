"""Data set -> weights -> scores: GOT on transformers, its three-stage trainer, and the field's metrics."""
