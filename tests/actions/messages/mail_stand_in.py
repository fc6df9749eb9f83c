"""A mail server that stands in for one: it takes letters by SMTP, or refuses as a test wants."""

from __future__ import annotations

import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread

__all__ = ["Post", "mail_stand_in"]


@dataclass
class Post:
    """What it was sent."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)
    """Of each letter, whether it came over TLS."""
    refuse_with: str = ""
    """What is said to every address instead of taking it, as in 550 No such person."""
    hang_up: bool = False
    """Whether it hangs up when it has the letter, before it says so."""


@contextmanager
def mail_stand_in(post: Post | None = None, *, tls: ssl.SSLContext | None = None) -> Iterator[Post]:
    """Run one on this machine."""
    sent = post or Post()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            secured = False
            self._say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line.split(" ")[0].upper()
                if word == "EHLO":
                    self._say("250-here\r\n250 STARTTLS" if tls and not secured else "250 here")
                elif word == "STARTTLS" and tls:
                    self._say("220 go on")
                    try:
                        self.connection = tls.wrap_socket(self.request, server_side=True)
                    except (ssl.SSLError, ConnectionError):
                        return  # whoever calls does not trust it
                    self.rfile = self.connection.makefile("rb")
                    self.wfile = self.connection.makefile("wb", buffering=0)
                    secured = True
                elif word == "RCPT" and sent.refuse_with:
                    self._say(sent.refuse_with)
                elif word == "DATA":
                    self._say("354 go on")
                    lines = []
                    while (part := self.rfile.readline()) != b".\r\n":
                        lines.append(part.removeprefix(b".") if part.startswith(b"..") else part)
                    sent.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
                    sent.secured.append(secured)
                    if sent.hang_up:
                        return
                    self._say("250 taken")
                elif word == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 fine")

        def finish(self) -> None:
            with suppress(OSError, ValueError):
                super().finish()
            self.connection.close()

        def _say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        sent.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield sent
        finally:
            server.shutdown()
            thread.join()
