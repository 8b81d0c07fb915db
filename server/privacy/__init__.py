"""What is recorded of people: what they agreed to, a copy for them, and its erasure."""
