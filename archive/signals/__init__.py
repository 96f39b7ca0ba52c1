"""What reports on texts mean beyond the texts: alerts, and opt-outs that nobody has told us of."""
