"""Documents: slides, handouts and guides that come here as files, and that everybody can download."""
