"""How LaTeX draws a table: its style, its source, and the proof of its picture."""
