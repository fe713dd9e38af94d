"""What the renderer `mathpix_molecules` does around the drawer: looks, and a proof that reads as people do."""
