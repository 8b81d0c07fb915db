"""Roundsman's application: the sync API, the console's API and the served pages."""

VERSION = "0.1.0"
"""The release; the same as in pyproject.toml, which a test checks."""
