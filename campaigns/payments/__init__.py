"""The foreign money machines, each behind the same port: what crosses it is in our words."""
