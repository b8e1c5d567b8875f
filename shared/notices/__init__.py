"""What somebody asked to be told once: that registration opens, or where their own pages are."""
