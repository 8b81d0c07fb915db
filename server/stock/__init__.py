"""Parts and stock: the ledger of moves, what there ought to be by it, and what was counted."""
