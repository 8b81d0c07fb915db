"""Parts and the ledger of their moves."""
