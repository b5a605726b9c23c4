"""What is shown: a room for each audience."""
