"""Roundsman's application: the sync API, the console's API and the served pages."""
