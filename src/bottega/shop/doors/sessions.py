"""Log-ins of the console: passwords, sessions on the server's side, what keeps others from guessing or riding along.

Passwords   argon2id at the costs of argon2-cffi (RFC 9106, low memory: 64 MiB, 3 passes). A name that nobody has costs
            the same.
Attempts    Ten an hour for a name from one address and a hundred for a name in all, wrong or right; those for names
            that nobody has are counted together.
Sessions    A token of 32 random bytes in a cookie that scripts cannot read; the store has its hash. It ends when it is
            idle, at the end of its day, at a new password, and at log-out.
Token       Changes carry a second one in a header (CSRF), which follows from the first: no other page can know it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from bottega.errors import LogInRefused, RateExceeded, RequestInvalid, TokenRefused
from bottega.names import Role
from bottega.store.users import SEEN_WRITTEN_MS, User
from bottega.texts import shown

if TYPE_CHECKING:
    from bottega.settings import ShopSettings
    from bottega.store.store import Store

__all__ = ["PASSWORD_MAX", "PASSWORD_MIN", "LoggedIn", "Sessions", "check_csrf", "csrf_token_of"]

PASSWORD_MIN, PASSWORD_MAX = 12, 200
"""Letters of a password."""
NAME_MAX = 100
ATTEMPTS_FROM_ONE, ATTEMPTS = 10, 100
_AT_ONCE = threading.BoundedSemaphore(2)
"""Each password that is looked at takes 64 MiB."""
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$/k2MPLcJjdauXpTqSNoHng$Fb2wlXiq915IR5sg7V58Gkh6xauedQDWjEH9V5K8HGs"
"""What is looked at where nobody has the name, so that it takes as long."""


class LoggedIn(NamedTuple):
    """Somebody who is logged in."""

    name: str
    role: Role


class Sessions:
    """Who logs in to one shop. Safe to call from several threads."""

    def __init__(self, store: Store, settings: ShopSettings, *, page: str = "/login") -> None:
        """`page`: where they log in, as the server's addresses go."""
        self._store, self._settings, self._page = store, settings, page

    def add(self, name: str, role: Role, password: str) -> None:
        """Somebody who logs in from now on. Raises `RequestInvalid` for a name or a password that cannot be."""
        plain = name.strip() == name and name.isprintable() and 0 < len(name) <= NAME_MAX
        if not plain or not self._store.users.add(User(name, role, _hashed(password), _now_ms())):
            raise RequestInvalid(
                f"Nobody can be called {shown(name)}.",
                allowed=f"A name is a line of text that nobody else has, up to {NAME_MAX} characters.",
                next_step="Choose another name.",
            )

    def change_password(self, name: str, password: str) -> None:
        """Another password; every session of that name is over. Raises `RequestInvalid`."""
        self._store.users.change_password(name, _hashed(password))

    def log_in(self, name: str, password: str, address: str) -> tuple[LoggedIn, str]:
        """Who it is, and the token of a new session. `address`: where they ask from. Raises `LogInRefused` and
        `RateExceeded`."""
        from argon2 import PasswordHasher
        from argon2.exceptions import VerificationError

        now_ms, user = _now_ms(), self._store.users.of(name) if name.isprintable() else None
        self._count(user.name if user else None, address, now_ms)
        try:
            with _AT_ONCE:
                right = PasswordHasher().verify(user.password if user else _NOBODYS, password) and user is not None
        except VerificationError:
            right = False
        if user is None or not right:
            raise LogInRefused(
                "The name or the password is wrong.",
                next_step="Try again; whoever runs the server sets another: `bottega users password NAME`.",
            )
        token = secrets.token_urlsafe(32)
        lasts_ms = int(self._settings.session_hours * 3_600_000)
        self._store.users.open_session(token, user.name, now_ms, ended_before_ms=now_ms - lasts_ms)
        return LoggedIn(user.name, user.role), token

    def of(self, token: str) -> LoggedIn:
        """Who a token stands for. Raises `LogInRefused` where the session is over, or never was."""
        row, now_ms = self._store.users.session(token), _now_ms()
        idle_ms, lasts_ms = self._settings.session_idle_minutes * 60_000, self._settings.session_hours * 3_600_000
        if row is None or now_ms - row.seen_at_ms > idle_ms or now_ms - row.made_at_ms > lasts_ms:
            raise LogInRefused("The session is over.", next_step=f"Log in again, at {self._page}.")
        if now_ms - row.seen_at_ms >= SEEN_WRITTEN_MS:
            self._store.users.saw(token, now_ms)
        return LoggedIn(row.name, row.role)

    def log_out(self, token: str) -> None:
        """End a session."""
        self._store.users.close_session(token)

    def _count(self, name: str | None, address: str, now_ms: int) -> None:
        limits = [("nobody", ATTEMPTS)]
        if name is not None:
            limits = [(f"of {name}", ATTEMPTS), (f"of {name}\n{address}", ATTEMPTS_FROM_ONE)]
        for whose, most in limits:
            counted = f"log-in:{hashlib.sha256(whose.encode()).hexdigest()[:24]}"
            if not self._store.allowances.take(counted, most, now_ms):
                raise RateExceeded(
                    "There were too many attempts to log in.",
                    allowed=f"{ATTEMPTS_FROM_ONE} an hour for a name from one address, {ATTEMPTS} for a name in all.",
                    next_step="Wait until the next hour begins.",
                    retry_after_s=3_600 - now_ms // 1000 % 3_600,
                )


def csrf_token_of(token: str) -> str:
    """What changes of a session carry in a header: it follows from the session's token, and not the other way."""
    return hashlib.sha256(f"csrf {token}".encode()).hexdigest()


def check_csrf(token: str, given: str) -> None:
    """Raise `TokenRefused` where a change of a session comes without its token."""
    if not hmac.compare_digest(csrf_token_of(token).encode(), given.encode()):
        raise TokenRefused(
            "The token is not this session's." if given else "The change carries no token of this session.",
            allowed="Changes of a session carry its csrf_token in the header X-CSRF-Token.",
            next_step="Ask GET /v1/session for it.",
        )


def _hashed(password: str) -> str:
    from argon2 import PasswordHasher

    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise RequestInvalid(
            f"The password has {len(password)} characters.",
            allowed=f"It has {PASSWORD_MIN} to {PASSWORD_MAX}.",
            next_step="Choose another; several words are easier to remember than signs.",
        )
    return PasswordHasher().hash(password)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
