"""Drawing tags: the code as a picture, and sheets of labels to print.

See ``docs/protocol/tags.md``. Nothing here knows the database, the web or the protocol:
text and figures come in, bytes go out.
"""
