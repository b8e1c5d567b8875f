"""Measures what the design promises (section 8): a table for people, JSON for programs. Never part of the tests."""
