"""Builds corpora from files of the user; no input is trusted, and none is executed."""
