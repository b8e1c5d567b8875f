"""A small site of a test's own, on a port of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler], server: type[HTTPServer] = ThreadingHTTPServer) -> Iterator[str]:
    """Let a handler answer, and give the address."""
    serving = server(("127.0.0.1", 0), handler)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{serving.server_port}"
    finally:
        serving.shutdown()
        serving.server_close()
