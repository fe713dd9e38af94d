"""GOT's network on transformers' own classes: their names and their checkpoints, attention without maps."""
