"""Corpora built from what the user has; nothing that is read here is trusted, and nothing of it is executed."""
