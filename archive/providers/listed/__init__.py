"""What providers list of the texts they have carried: for each a file that says what to ask, and reads the answers."""
