"""What everything else stands on; standard library only."""
