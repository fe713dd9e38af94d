"""Renderers: random content in, picture and markup out.

Every `*.py` directly in this folder is a renderer, named `<tool>_<what>`; the file name is its name everywhere
(template folder, test, golden folder, data set part). The packages below are the floors it stands on; imports go
down only: engines and content -> labels -> core.
"""
