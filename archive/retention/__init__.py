"""How long a text is kept, and who said so: periods, policies and the one decision that everything asks."""
