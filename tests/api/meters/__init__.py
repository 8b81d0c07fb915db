"""Tests of meters and their series."""
