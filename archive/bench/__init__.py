"""Measurements against a baseline in the same run. Nothing of the product imports this."""
