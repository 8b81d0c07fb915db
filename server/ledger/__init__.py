"""The insert-only store of what phones recorded, and the messages by which it arrives."""
