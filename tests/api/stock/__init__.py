"""Parts, moves, stock-takes."""
