"""`python -m got_model` = `got-model`."""

from got_model.cli import main

main()
