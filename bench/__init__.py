"""How fast the program is, measured side by side with the least that the same server could do. Linux only."""
