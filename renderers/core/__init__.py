"""The contract: what a renderer, an engine, a sample and a row are. Imports nothing else of ours."""
