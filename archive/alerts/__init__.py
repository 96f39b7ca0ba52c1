"""What a person has to look at: one alert for each cause and day, until somebody closes it."""
