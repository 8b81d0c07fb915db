"""The sync protocol, fieldsync/1: pure functions and message types.

The specification is ``docs/protocol/``; ``tests/vectors/`` holds this package and
``pwa/src/protocol/`` to it. Nothing here reads a clock, a random source, a network
or a database: moments, random bytes and keys come as arguments.
"""
