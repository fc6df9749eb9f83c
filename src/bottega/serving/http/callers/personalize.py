"""The door for callers of Amazon Personalize: `endpoint_url=".../personalize"`, over the verbs of every other door.

A caller changes the address and the pair of key id and secret (`bottega keys new LABEL --aws`). Requests are signed
with AWS Signature Version 4; errors are those that botocore turns into its typed exceptions.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from bottega.errors import (
    BottegaError,
    InputError,
    KeyRefused,
    NotFound,
    NotReady,
    RateExceeded,
    RequestInvalid,
    RoleRefused,
)
from bottega.names import Role
from bottega.serving.http.auth import REQUEST_ID, need_role
from bottega.serving.http.callers import personalize_data, personalize_lists
from bottega.serving.http.callers.personalize_body import Body
from bottega.serving.http.callers.signature import AwsSignatureRefused, Signed, check_signature
from bottega.serving.http.door import Door, door_of
from bottega.shop.doors.acting import ACTOR, Actor
from bottega.shop.doors.key_ring import refuse_expired
from bottega.shop.doors.signing_keys import SignedBy
from bottega.shop.open_shop import OpenShop

__all__ = ["router"]

PREFIX = "/personalize"
SERVICE = "personalize"
router = APIRouter(prefix=PREFIX, include_in_schema=False)

_Handler = Callable[[Door, Body], Awaitable[Mapping[str, Any] | None]]
_OPERATIONS: dict[str, _Handler] = {
    "recommendations": personalize_lists.get_recommendations,
    "personalize-ranking": personalize_lists.get_personalized_ranking,
    "events": personalize_data.put_events,
    "items": personalize_data.put_items,
    "users": personalize_data.put_users,
}
"""Last part of the path and what answers. docs/callers.md lists them; a test compares."""
_ROLES = {
    "recommendations": Role.READ,
    "personalize-ranking": Role.READ,
    "events": Role.EVENTS,
    "items": Role.MANAGE,
    "users": Role.MANAGE,
}
"""What each needs; whatever is no operation needs nothing, and gets it."""
_NOT_OFFERED = {"action-recommendations", "action-interactions", "actions"}


@router.post("/{operation}")
async def answer(request: Request, operation: str) -> Response:
    """Whatever Personalize answers, answered."""
    door = door_of(request)
    try:
        await _check(door, request, operation)
        if operation in _NOT_OFFERED:
            raise RequestInvalid("Bottega has no next best actions.", allowed=f"It answers {', '.join(_OPERATIONS)}.")
        handler = _OPERATIONS.get(operation)
        if handler is None:
            return _error("UnknownOperationException", f"There is no operation {operation!r}.", 404)
        found = await handler(door, Body.parsed(await request.body()))
    except AwsSignatureRefused as refusal:
        return _error(refusal.code, str(refusal), refusal.status)
    except RateExceeded as error:
        answered = _error(*_of_ours(error))
        answered.headers["Retry-After"] = str(error.retry_after_s or 1)
        return answered
    except BottegaError as error:
        return _error(*_of_ours(error))
    except ValidationError as error:
        first = error.errors()[0]
        return _error("InvalidInputException", f"{'.'.join(str(one) for one in first['loc'])}: {first['msg']}.", 400)
    return Response(b"" if found is None else orjson.dumps(found), media_type="application/json", headers=_headers())


async def _check(door: Door, request: Request, operation: str) -> None:
    shop = door.shop
    if not shop.settings.require_key:
        return
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    signed = Signed(
        method=request.method,
        path=request.scope.get("root_path", "") + raw.partition(b"?")[0].decode("latin-1"),
        query=request.url.query,
        headers={name.lower(): ",".join(request.headers.getlist(name)) for name in request.headers},
        body=await request.body(),
        secure=request.url.scheme == "https",
    )
    known = (await run_in_threadpool(_signed_by, shop, signed)).known
    request.state.role = known.role or Role.ADMIN
    ACTOR.set(Actor("key", known.label, getattr(request.state, REQUEST_ID, "")))
    if operation in _ROLES:
        need_role(request, _ROLES[operation])


def _signed_by(shop: OpenShop, signed: Signed) -> SignedBy:
    """The pair that signed a request, which is counted. Raises `AwsSignatureRefused`, `KeyRefused`, `RateExceeded`."""
    pairs: list[SignedBy] = []

    def secret_of(key_id: str) -> str | None:
        if (pair := shop.signing_keys.pair(key_id)) is None:
            return None
        pairs.append(pair)
        return pair.secret

    check_signature(signed, secret_of, service=SERVICE)
    (pair,) = pairs
    refuse_expired(pair.known, time.time_ns() // 1_000_000)
    shop.keys.note(pair.known)
    shop.keys.count(pair.known)
    return pair


def _of_ours(error: BottegaError) -> tuple[str, str, int]:
    """The error that botocore knows, for one of ours."""
    if isinstance(error, NotFound):
        return "ResourceNotFoundException", str(error), 404
    if isinstance(error, InputError):
        return "InvalidInputException", str(error), 400
    if isinstance(error, NotReady):
        return "ResourceNotFoundException", str(error), 404
    if isinstance(error, KeyRefused | RoleRefused):
        return "AccessDeniedException", str(error), 403
    if isinstance(error, RateExceeded):
        return "ThrottlingException", str(error), 429
    return (
        ("ServiceUnavailable" if error.status == 503 else "InternalServerError"),
        str(error.for_others()),
        error.status,
    )


def _headers() -> dict[str, str]:
    return {"x-amzn-RequestId": str(uuid.uuid4())}


def _error(code: str, message: str, status: int) -> Response:
    headers = _headers() | {"x-amzn-ErrorType": code}
    return JSONResponse({"__type": code, "message": message}, status, headers)
