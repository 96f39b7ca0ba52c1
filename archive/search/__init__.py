"""Finding a text again."""
