"""Authorising numbers: from a location to its numbers, to a letter if any needs one, to an order."""
