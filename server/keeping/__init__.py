"""Keeping what was recorded: proving it, backing it up, putting it back, taking in what was rescued."""
