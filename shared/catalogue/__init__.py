"""The catalogue: pages of webinars, written ahead, so that they are there whatever else is not."""
