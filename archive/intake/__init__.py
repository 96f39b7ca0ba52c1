"""The door: everything that a text passes on its way in."""
