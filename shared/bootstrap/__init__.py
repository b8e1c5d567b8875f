"""Puts the parts together: the only place that knows which adapter serves which port.

One module per deployable, so that a function loads what it uses and nothing else. Everything is made on first use and
kept for the life of the process: importing is free, offline and needs no settings.
"""
