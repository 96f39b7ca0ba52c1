"""Accounts at providers and registries, and how what they send to us is known to be theirs."""
