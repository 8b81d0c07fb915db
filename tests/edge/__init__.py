"""The server's edge: whose rows are seen, which requests are let in, what leaves with every answer."""
