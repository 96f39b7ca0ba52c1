"""Support cases: how a registration is asked for at the provider, and the clock that runs then."""
