"""Running text that pages are set from: a corpus of paragraphs, and how sentences and words are cut from it."""
