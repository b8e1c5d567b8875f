"""Mailboxes: which of them take no mail, and what their owners do not want."""
