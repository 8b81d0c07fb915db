"""The cases of the shared vectors, one module per file that `make.py` writes.

What a rule decides (time, forms, strict JSON, reading of tags) is stated here by hand;
only hashes, signatures and texts are computed.
"""
