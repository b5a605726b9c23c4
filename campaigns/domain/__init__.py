"""What is true whatever the database, the payment provider or the web: imports the standard library alone."""
