"""What donors type: read, understood or complained about, never lost."""
