"""Matters and holds: what may not be destroyed, whatever its time, until a second person lets it go."""
