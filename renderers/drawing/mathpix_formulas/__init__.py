"""What the renderer `mathpix_formulas` does around MathJax: looks, sheets of HTML, and the proof of what was drawn."""
