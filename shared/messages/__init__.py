"""Messages that coordinators write."""
