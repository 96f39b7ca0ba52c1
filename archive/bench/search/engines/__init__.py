"""What is compared: each engine takes the texts and answers questions in its own best way."""
