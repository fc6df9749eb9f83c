"""A mail server that takes letters, by SMTP (RFC 5321), over TLS from the first byte or from STARTTLS on.

Nothing is said to a server in the open but on this machine: where another one offers no STARTTLS, nothing is sent. One
connection serves many letters; a server that hangs up between two is called again.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from bottega.errors import AddressRefused, LetterNotTaken
from bottega.reach import LOOPBACK, MAIL_PORTS, PUBLIC, Reach

__all__ = ["MailServer"]

TIMEOUT_S = 30.0
_PORTS = {"smtp": 587, "smtps": 465}
_READY, _OK = 220, 250
_FOR_GOOD = 500
"""Answers of a server from here on will be the same another time."""


class MailServer:
    """One server, as the setting `letters_smtp` names it. Call it in a `with` block."""

    def __init__(
        self, address: str, password: str = "", *, timeout_s: float = TIMEOUT_S, reach: Reach = PUBLIC
    ) -> None:
        scheme, _, rest = address.partition("://")
        user, _, place = rest.rpartition("@")
        host, _, port = place.partition(":")
        self.tls = scheme == "smtps"
        self.user, self.host, self.port = unquote(user), host, int(port or _PORTS[scheme])
        self._password, self._timeout_s, self._reach = password, timeout_s, reach
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def hand_over(self, message: EmailMessage) -> None:
        """Returns when the server has taken it. Raises `LetterNotTaken`; see there when it may be tried again."""
        try:
            server = self._called()
        except (OSError, smtplib.SMTPException, AddressRefused) as error:
            self._hang_up()
            raise self._failed(error) from error
        try:
            server.send_message(message)
        except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError) as error:
            self._hang_up()
            raise self._failed(error, again=False) from error
        except smtplib.SMTPRecipientsRefused as error:
            self._hang_up()
            for_good = all(code >= _FOR_GOOD for code, _ in error.recipients.values())
            said = b"; ".join(told for _, told in error.recipients.values()).decode("utf-8", "replace")
            raise self._failed(smtplib.SMTPException(said), again=not for_good) from error
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise self._failed(error) from error

    def _called(self) -> smtplib.SMTP:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._server.noop()[0] == _OK:
                    return self._server
            self._hang_up()
        if self.tls:
            server: smtplib.SMTP = _SecureSmtp(self._reach, self._timeout_s)
        else:
            server = _Smtp(self._reach, self._timeout_s)
        self._server = server
        code, said = server.connect(self.host, self.port)
        if code != _READY:
            raise smtplib.SMTPConnectError(code, said)
        server.ehlo()
        if not self.tls and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif not self.tls and self.host not in LOOPBACK:
            raise smtplib.SMTPNotSupportedError("it offers no STARTTLS")
        if self.user:
            server.login(self.user, self._password)
        return server

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()

    def _failed(self, error: Exception, *, again: bool = True) -> LetterNotTaken:
        said = str(error) or type(error).__name__
        if self._password:
            said = said.replace(self._password, "...")
        return LetterNotTaken(
            f"The mail server {self.host}:{self.port} did not take a letter: {said.rstrip('.')}.",
            allowed="It speaks SMTP with STARTTLS (smtp://) or TLS (smtps://); in the open on this machine alone.",
            next_step="Check the setting letters_smtp and the secret smtp-password, then send again.",
            again=again,
        )


class _Smtp(smtplib.SMTP):
    """Over a connection that was checked."""

    def __init__(self, reach: Reach, timeout_s: float) -> None:
        self._reach = reach
        super().__init__(timeout=timeout_s)

    def connect(self, host: str = "localhost", port: int = 0, source_address: Any = None) -> tuple[int, bytes]:
        self._host = host  # what certificates are compared with
        return super().connect(host, port, source_address)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._reach.connect(host, port, timeout, ports=MAIL_PORTS)


class _SecureSmtp(_Smtp):
    """The same over TLS from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
