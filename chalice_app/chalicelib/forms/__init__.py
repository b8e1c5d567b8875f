"""What forms say: fields of pages, read into what the API takes."""
