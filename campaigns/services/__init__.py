"""What is done: one verb, one file. Nothing here knows the web."""
