"""Measures what the server costs, side by side with what nobody can do without."""
