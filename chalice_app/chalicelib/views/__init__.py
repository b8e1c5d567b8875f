"""One module per part of the site: each view reads, calls one use case and answers."""
