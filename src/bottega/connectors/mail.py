"""A mail server that takes letters, by SMTP (RFC 5321), over TLS from the first byte or from STARTTLS on.

Nothing is said to a server in the open but on this machine: where another one offers no STARTTLS, nothing is sent. One
connection serves many letters; a server that hangs up between two is called again.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from bottega.errors import LetterNotTaken

__all__ = ["MailServer"]

LOOPBACK = frozenset({"localhost", "127.0.0.1"})
TIMEOUT_S = 30.0
_PORTS = {"smtp": 587, "smtps": 465}
_OK = 250
_FOR_GOOD = 500
"""Answers of a server from here on will be the same another time."""


class MailServer:
    """One server, as the setting `letters_smtp` names it. Call it in a `with` block."""

    def __init__(self, address: str, password: str = "", *, timeout_s: float = TIMEOUT_S) -> None:
        scheme, _, rest = address.partition("://")
        user, _, place = rest.rpartition("@")
        host, _, port = place.partition(":")
        self.tls = scheme == "smtps"
        self.user, self.host, self.port = unquote(user), host, int(port or _PORTS[scheme])
        self._password, self._timeout_s = password, timeout_s
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
        except (OSError, smtplib.SMTPException) as error:
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
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self._timeout_s, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self._timeout_s)
        self._server = server
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
            f"The mail server {self.host}:{self.port} did not take a letter: {said}.",
            allowed="It speaks SMTP with STARTTLS (smtp://) or TLS (smtps://); in the open on this machine alone.",
            next_step="Check the setting letters_smtp and the secret smtp-password, then send again.",
            again=again,
        )
