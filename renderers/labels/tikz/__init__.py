"""TikZ as a target: read, put in canonical form, compared primitive by primitive."""
