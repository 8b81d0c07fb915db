"""Organisations, persons, console log-ins, and how phones join."""
