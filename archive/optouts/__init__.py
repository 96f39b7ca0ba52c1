"""Who said stop to which of our numbers, and what was sent to them after that."""
