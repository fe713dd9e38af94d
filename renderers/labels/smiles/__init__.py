"""SMILES as a target: canonical, isomeric, and as a molecule is drawn."""
