"""The ordered stream of what comes down to phones; it never skips a row."""
