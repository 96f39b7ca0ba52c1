"""Whether the organisation may text at all: the provider's conditions, and how far they are met."""
