"""Webinars: recordings with captions, themes and materials, and what each needs before people see it."""
