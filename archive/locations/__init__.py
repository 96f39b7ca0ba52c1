"""Where the organisation's numbers are: its locations, with their address and their way into the telephone network."""
