"""The runs of scheduled work: whose turn it is, what became of it, and whether the clocks can be relied upon."""
