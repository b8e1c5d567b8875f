"""Forgetting people: one at a time on their wish, and all of them when the time is over."""
