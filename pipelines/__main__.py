"""`python -m pipelines` is the command `glyphmill`: for Ray jobs, where nothing is installed but the working folder."""

from pipelines.cli import main

main(prog_name="glyphmill")
