"""How often recordings are watched. Numbers are counted, and nothing of who watches."""
