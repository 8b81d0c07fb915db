"""`python -m server`: the same as the command `roundsman`."""

from server.cli import main

main()
