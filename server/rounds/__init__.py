"""Rounds: routes and plans, the windows cut from them, what was walked, and how it is judged."""
