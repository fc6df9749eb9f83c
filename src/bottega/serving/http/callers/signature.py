"""AWS Signature Version 4: who signed a request, found by making the signature again.

Idea     The caller hashes what it sends (method, path, query, chosen headers, body) and signs the hash with a key made
         of its secret, the day, the region and the service. Whoever knows the secret gets the same, or refuses.
Source   https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
Window   A signed request is good for five minutes before and after its time. Within them it could be sent again by
         somebody who overheard it: lists are read anew, and events are known by their ids, so that changes nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

__all__ = ["WINDOW_S", "AwsSignatureRefused", "Signed", "check_signature"]

WINDOW_S = 300
"""How far the time of a request may be from the server's."""
ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
"""In place of the body's hash: the caller left the body to TLS."""
_TERMINATOR = "aws4_request"
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=([^,\s]+)\s*,\s*SignedHeaders=([^,\s]+)\s*,\s*Signature=([0-9a-f]{64})"
)
_MUST_BE_SIGNED = ("host", "x-amz-date")


class AwsSignatureRefused(Exception):
    """A request whose signature is not good. `code` is what AWS calls it."""

    def __init__(self, code: str, message: str, *, status: int = 403) -> None:
        self.code, self.status = code, status
        super().__init__(message)


class _Credential(NamedTuple):
    key_id: str
    day: str
    region: str
    service: str
    terminator: str


@dataclass(frozen=True)
class Signed:
    """A request as it came over the wire."""

    method: str
    path: str
    """Encoded, as it stood in the request line, without the query."""
    query: str
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes
    secure: bool
    """Whether it came by https; only then may the body be unsigned."""


def check_signature(
    request: Signed, secret_of: Callable[[str], str | None], *, service: str, now: datetime | None = None
) -> str:
    """The key id that signed the request. Raises `AwsSignatureRefused`, saying why."""
    credential, names, signature = _authorization(request.headers.get("authorization", ""))
    if (credential.service, credential.terminator) != (service, _TERMINATOR):
        raise AwsSignatureRefused(
            "InvalidSignatureException", f"Credential should be scoped to the service {service!r} and {_TERMINATOR!r}."
        )
    stamp = request.headers.get("x-amz-date", "")
    _check_time(stamp, credential.day, now or datetime.now(UTC))
    missing = [name for name in (*_MUST_BE_SIGNED, *_amz(request.headers)) if name not in names]
    if missing:
        raise AwsSignatureRefused(
            "InvalidSignatureException", f"The header {missing[0]!r} must be among the signed ones."
        )
    absent = [name for name in names if name not in request.headers]
    if absent:
        raise AwsSignatureRefused("InvalidSignatureException", f"The signed header {absent[0]!r} did not come along.")
    secret = secret_of(credential.key_id)
    canonical = _canonical(request, names, _payload(request))
    scope = "/".join(credential[1:])
    to_sign = "\n".join([ALGORITHM, stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    made = _signature(secret or "", credential, to_sign)
    if secret is None:
        raise AwsSignatureRefused(
            "UnrecognizedClientException", "The security token included in the request is invalid."
        )
    if not hmac.compare_digest(made, signature):
        raise AwsSignatureRefused(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. "
            "Check the secret access key and how the request is signed.",
        )
    return credential.key_id


def _authorization(header: str) -> tuple[_Credential, list[str], str]:
    if not header:
        raise AwsSignatureRefused("MissingAuthenticationTokenException", "The request carries no signature.")
    found = _AUTHORIZATION.fullmatch(header.strip())
    parts = found[1].split("/") if found else []
    if found is None or len(parts) != len(_Credential._fields):
        raise AwsSignatureRefused(
            "IncompleteSignatureException",
            f"The header Authorization must read: {ALGORITHM} Credential=KEY/DAY/REGION/SERVICE/{_TERMINATOR}, "
            "SignedHeaders=..., Signature=...",
            status=400,
        )
    return _Credential(*parts), found[2].split(";"), found[3]


def _check_time(stamp: str, day: str, now: datetime) -> None:
    try:
        moment = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise AwsSignatureRefused(
            "IncompleteSignatureException", "The header X-Amz-Date must read YYYYMMDDTHHMMSSZ.", status=400
        ) from error
    if not stamp.startswith(day):
        raise AwsSignatureRefused("InvalidSignatureException", "The day of the credential is not that of X-Amz-Date.")
    away = (now - moment).total_seconds()
    if abs(away) > WINDOW_S:
        is_was = "expired" if away > 0 else "not yet current"
        raise AwsSignatureRefused(
            "InvalidSignatureException",
            f"Signature {is_was}: {stamp} is {abs(away):.0f} s from this server's clock ({now:%Y%m%dT%H%M%SZ}), "
            f"and may be {WINDOW_S} s. Set the caller's clock.",
        )


def _amz(headers: Mapping[str, str]) -> list[str]:
    return [name for name in headers if name.startswith("x-amz-")]


def _payload(request: Signed) -> str:
    """The hash of the body that the signature covers."""
    given = request.headers.get("x-amz-content-sha256")
    own = hashlib.sha256(request.body).hexdigest()
    if given is None:
        return own
    if given == UNSIGNED:
        if request.secure:
            return UNSIGNED
        raise AwsSignatureRefused(
            "InvalidSignatureException", "An unsigned body is taken over https alone; sign it, or call by https."
        )
    if not hmac.compare_digest(given, own):
        raise AwsSignatureRefused("InvalidSignatureException", "X-Amz-Content-SHA256 is not the hash of the body.")
    return own


def _canonical(request: Signed, names: list[str], payload: str) -> str:
    pairs = sorted(tuple(pair.partition("=")[::2]) for pair in request.query.split("&") if pair)
    query = "&".join(f"{name}={value}" for name, value in pairs)
    headers = "".join(f"{name}:{' '.join(request.headers[name].split())}\n" for name in names)
    path = quote(_normal(request.path), safe="/~")
    return "\n".join([request.method.upper(), path, query, headers, ";".join(names), payload])


def _normal(path: str) -> str:
    """The path without `.`, `..` and empty steps, as the clients sign it."""
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/" + "/".join(steps) + ("/" if path.endswith("/") and steps else "")


def _signature(secret: str, credential: _Credential, to_sign: str) -> str:
    key = f"AWS4{secret}".encode()
    for part in (credential.day, credential.region, credential.service, _TERMINATOR):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
