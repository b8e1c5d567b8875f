"""The facts the parts of the system tell one another, and nothing else of ours."""
