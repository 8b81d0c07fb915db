"""What a report and the board cost at a million records."""
