"""Certificates: that somebody was there, for how long, and how others can see that it is so."""
