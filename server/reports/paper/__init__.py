"""Figures as files: tables in CSV and XLSX, reports and registers in PDF, a text for a group chat.

Nothing here asks the database: what was gathered comes in, bytes and texts go out.
"""
