"""Invitations to register: an address gets a personal link, which lets its owner in whatever the rounds say."""
