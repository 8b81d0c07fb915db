"""The console API of reports, closings and registers."""
