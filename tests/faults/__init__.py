"""Harnesses that break the server for real: kills, power cuts, full disks, lost databases, storms.

Each has a short version that `make test` runs (`test_*.py`) and a long one behind a `make` target
of its own; `docs/testing.md` says what each does and needs.
"""
