"""What the renderer `mathpix_pages` does around Mathpix Markdown: looks, sheets, the proof of what stands there."""
