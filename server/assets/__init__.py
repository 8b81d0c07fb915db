"""The asset register: cards, papers, states and downtime, due dates, import and export, take-over."""
