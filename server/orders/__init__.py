"""Work orders: dispatched, done on phones, verified and followed up, with their deadlines."""
