"""What the API of the register accepts and returns."""
