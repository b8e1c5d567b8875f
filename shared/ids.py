"""Identifiers that say nothing about what they name."""

import base64
import secrets


def new_id() -> str:
    """Return 80 random bits as 16 characters of lower-case base32: safe in keys, addresses and calendar UIDs."""
    return base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()
