"""The pure rules of meters."""
