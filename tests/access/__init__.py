"""Who may what: every route, for every role, at every distance."""
