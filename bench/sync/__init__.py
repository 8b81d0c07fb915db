"""The sync beside a bare reference, each a server process of its own: `make bench`."""
