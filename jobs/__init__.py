"""What runs on a schedule. Each job is data and a plain function that a test can call."""
