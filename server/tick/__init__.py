"""Periodic work: done by one process at a time, under a lease in the database."""
