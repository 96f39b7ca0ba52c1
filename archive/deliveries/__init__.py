"""What providers say became of texts. A text never changes; what is said of it is added."""
