"""Tables as a target: LaTeX tabular, HTML and OTSL of one tree."""
