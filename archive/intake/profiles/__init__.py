"""Which column of a table is which field of a text, kept under a name so that it is said only once."""
