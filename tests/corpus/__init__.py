"""What was written once and must be read for ever, and what must never be taken."""
