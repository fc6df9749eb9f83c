"""A language model that stands in for one: it answers as OpenAI's chat completions do, and says what a test wants."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

__all__ = ["Heard", "stand_in"]

Says = Callable[[str], str]


@dataclass
class Heard:
    """What the stand-in was asked."""

    address: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextmanager
def stand_in(
    says: Says, *, statuses: tuple[int, ...] = (), raw: bytes | None = None, retry_after: str = "0"
) -> Iterator[Heard]:
    """Run one. `says` gets the text, or all that was sent where that is something else, and gives its
    words; `statuses` are answered first; `raw` is the whole answer."""
    heard = Heard()
    first = list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.bodies.append(body)
            heard.keys.append(self.headers.get("Authorization", ""))
            status = first.pop(0) if first else 200
            sent = body["messages"][-1]["content"]
            text = json.loads(sent).get("text", sent)
            answer = {"choices": [{"index": 0, "message": {"role": "assistant", "content": says(text)}}]}
            content = raw if raw is not None and status == 200 else json.dumps(answer).encode()
            if status != 200:
                content = f'{{"error": "no: {self.headers.get("Authorization", "")}"}}'.encode()
            self.send_response(status if self.path == "/v1/chat/completions" else 404)
            self.send_header("Content-Length", str(len(content)))
            if status != 200:
                self.send_header("Retry-After", retry_after)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        heard.address = f"http://127.0.0.1:{server.server_port}/v1"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield heard
        finally:
            server.shutdown()
            thread.join()
