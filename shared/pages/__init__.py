"""What all pages are made with, those that are answered and those that are written ahead: the frame, and its words."""
