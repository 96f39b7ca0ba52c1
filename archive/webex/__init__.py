"""What Webex says of the organisation's locations, numbers and users, and bringing the tables into step with it."""
