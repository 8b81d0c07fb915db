"""What may be asked of the figures: the functions that views and periodic work call."""

from server.reports.service.keeping import close_months, keep_tallies, note_closing, revise
from server.reports.service.report import gather

__all__ = ["close_months", "gather", "keep_tallies", "note_closing", "revise"]
