"""Spreadsheets: what coordinators upload or paste, and what they take home."""
