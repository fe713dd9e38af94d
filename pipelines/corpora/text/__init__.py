"""Running text from files, data sets of Hugging Face and packages: the corpus that pages are set from."""
