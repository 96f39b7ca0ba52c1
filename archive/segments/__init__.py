"""What goes out of the database's reach: the vault."""
