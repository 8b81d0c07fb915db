"""What the rounds API accepts and returns."""
