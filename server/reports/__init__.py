"""Figures of a site: reports, scores of clauses, closed periods, registers."""
