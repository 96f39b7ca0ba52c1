"""Brands and campaigns of 10DLC: what is registered, how far it is, and which numbers may text because of it."""
