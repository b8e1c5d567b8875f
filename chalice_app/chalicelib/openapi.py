"""The API described for programs: OpenAPI 3.1, with the bodies' schemas taken from the classes that read them."""
