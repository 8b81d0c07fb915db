"""Rules of upkeep, at the API and in their run."""
