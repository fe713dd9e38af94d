"""What every print of the browser shares: its text layer, its fonts, its ink, and the reader of Mathpix Markdown."""
