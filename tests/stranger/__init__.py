"""A phone that somebody else wrote, from docs/protocol alone."""
