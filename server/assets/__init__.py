"""The asset register: what each asset is, its papers, its state and downtime, what is due for it."""
