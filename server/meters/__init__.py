"""Meters of assets and the series of their readings."""
