"""Themes: what gatherings and webinars are about, by name and in an order."""
