"""What metrics stand on: their protocol, their list, words, trees, boxes."""
