"""Who did what in the console: chained, insert-only, written with the change itself."""
