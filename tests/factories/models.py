"""A language model on this machine that answers as it is told, or not at all."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Model:
    """What the stand-in says, how it says it, and what it was asked."""

    def __init__(self):
        self.url = ""
        self.says = ""
        self.raw = None
        self.status = 200
        self.waits_seconds = 0.0
        self.drips = False
        self.asked = []


@contextmanager
def language_model():
    """Run the stand-in while the block runs."""
    model = Model()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            model.asked.append(json.loads(self.rfile.read(length)))
            said = model.says
            if callable(said):
                said = said(model.asked[-1]["messages"][-1]["content"])
            body = {"choices": [{"message": {"content": said}}]}
            content = json.dumps(body).encode() if model.raw is None else model.raw
            time.sleep(model.waits_seconds)
            self.send_response(model.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            try:
                for byte in content if model.drips else ():
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.02)
                if not model.drips:
                    self.wfile.write(content)
            except OSError:
                pass  # whoever asked has gone

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    model.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
