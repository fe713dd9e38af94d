"""What `mathpix_molecules` does around the drawer: looks, and a proof that reads a drawing back into a molecule."""
