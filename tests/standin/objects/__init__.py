"""Builders of the objects that the API shows, one module per kind, no rule and no state."""
