"""Who a visitor is, as a browser says it: an id that the browser made, or a shopper id with the shop's signature.

What stands in a page is read by everybody, so a shopper id from there counts for nothing by itself. The shop's server
signs it, and says until when: HMAC-SHA256 with a secret of the shop over `<until>.<shopper id>`, `until` in seconds
since 1970; the signature is `<until>.<64 hex digits>`. An id that a browser made is known by its form, so that no
shopper id passes for one, and is too long to be guessed, so that nobody is somebody else.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from bottega.errors import AgentRefused, SignatureRefused, VisitorRefused
from bottega.names import PUBLISHABLE_PREFIX

__all__ = [
    "KEY_PREFIX",
    "SIGNATURE",
    "VISITOR_ID",
    "check_signature",
    "closed_to_agents",
    "closed_to_visitors",
    "is_visitor",
    "origin_refused",
    "signature_of",
]

KEY_PREFIX = PUBLISHABLE_PREFIX
"""How a publishable key begins."""
SIGNATURE = "shopper-signature"
"""The purpose of the secrets that shopper ids are signed with (`Secrets.of`)."""
VISITOR_ID = re.compile(r"v-[A-Za-z0-9_-]{16,100}")
"""The form of an id that a browser made."""
_FORM = re.compile(r"([0-9]{1,12})\.([0-9a-fA-F]{64})")
_ALLOWED = (
    "With a publishable key a shopper id counts with a `shopper_signature` beside it, of the shop's own server; "
    "an id that the browser made begins with v- and needs none."
)
_NEXT = "Let the shop's server sign the id anew, or leave it out (docs/keys.md)."


def closed_to_visitors(route: str) -> VisitorRefused:
    """The error of a publishable key at a route that is none of its business."""
    return VisitorRefused(
        f"A publishable key does not open {route}.",
        allowed="It opens what a visitor may do: post events, ask for lists, search, make designs.",
        next_step="Ask from the shop's server, with a secret key; docs/keys.md has the routes.",
    )


def closed_to_agents(route: str) -> AgentRefused:
    """The error of an agent's key at a route that is none of its business."""
    return AgentRefused(
        f"An agent's key does not open {route}.",
        allowed="It opens the routes of talks: who waits, a talk, take, reply, give back, close, assign, note.",
        next_step="Ask with a secret key; docs/keys.md has the routes.",
    )


def origin_refused(origin: str) -> VisitorRefused:
    """The error of a page that may not call."""
    return VisitorRefused(
        f"A page of {origin!r} may not call.",
        allowed="Browsers may call from the origins in the setting browser_origins, with a publishable key.",
        next_step=f'Add it to bottega.toml, as in browser_origins = ["{origin}"], and start the server again.',
    )


def is_visitor(name: str) -> bool:
    """Whether an id has the form of those that browsers make.

    >>> [is_visitor(name) for name in ("v-3b0c9c1e-52aa-4a83-9f1e-0a3f5b6c7d8e", "v-1", "1050")]
    [True, False, False]
    """
    return VISITOR_ID.fullmatch(name) is not None


def signature_of(secret: str, shopper_id: str, until_s: int) -> str:
    """What the shop's server sends along with a shopper id until a moment (seconds since 1970)."""
    told = f"{until_s}.{shopper_id}".encode()
    return f"{until_s}.{hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()}"


def check_signature(shopper_id: str, signature: object, secrets: Sequence[str]) -> None:
    """Raise `SignatureRefused` where no secret of the shop made this signature of this id, or it has expired."""
    if signature is None:
        raise _refused(f"The shopper id {shopper_id!r} came without a signature.")
    found = _FORM.fullmatch(signature) if isinstance(signature, str) else None
    if found is None:
        raise _refused("The shopper_signature is no moment with 64 hex digits behind a dot.")
    if not secrets:
        raise SignatureRefused(
            "This shop has no secret to sign shopper ids with.",
            allowed=_ALLOWED,
            next_step="Make one: `bottega secrets new shopper-signature`.",
        )
    told = f"{found[1]}.{shopper_id}".encode("utf-8", "replace")
    given = found[2].lower()
    made = [hmac.new(secret.encode(), told, hashlib.sha256).hexdigest() for secret in secrets]
    if sum(hmac.compare_digest(given, one) for one in made) == 0:
        raise _refused(f"The signature is none of this shop's for the shopper id {shopper_id!r}.")
    if (until := int(found[1])) <= time.time():
        raise _refused(f"The signature expired at {_moment(until)}.")


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat("T", "seconds")


def _refused(seen: str) -> SignatureRefused:
    return SignatureRefused(seen, allowed=_ALLOWED, next_step=_NEXT)
