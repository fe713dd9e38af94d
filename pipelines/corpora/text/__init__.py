"""Running text out of files, Hugging Face sets and what Debian carries: the corpus that pages are set from."""
