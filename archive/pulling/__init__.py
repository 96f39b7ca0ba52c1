"""Reading what providers list of the texts they have carried: what a webhook has missed comes in by it."""
