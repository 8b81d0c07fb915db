"""Deliberate breakages, each with the directed test that must go red: `make mutants` applies them in turn."""
