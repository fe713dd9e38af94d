"""Every *.py directly here is a metric: answers against targets, as the field's own scripts score them."""
