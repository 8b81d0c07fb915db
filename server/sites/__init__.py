"""Sites: the property, its zones and checkpoints, its assets and teams, and the printed tags."""
