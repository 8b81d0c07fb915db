"""Work orders: what is to be done about a thing, by when, and what was done."""
