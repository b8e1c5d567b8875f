"""Sample data: true to life, loaded as a coordinator would enter it, through the API."""
