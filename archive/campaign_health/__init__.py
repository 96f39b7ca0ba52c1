"""How a campaign fares: what was sent, what was blocked, who said stop, who complained, day by day."""
