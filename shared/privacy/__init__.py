"""What is kept of people, why, and until when; and what is left of it in the end."""
