"""Forms: versioned checklists. A record keeps the edition it was filled under."""
