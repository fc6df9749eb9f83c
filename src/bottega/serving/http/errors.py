"""Every error as JSON of one shape: `{"error": {"code", "message", "seen", "allowed", "next_step"}}`."""

from __future__ import annotations

import typing
from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from bottega.errors import BottegaError, KeyRefused, NotFound, RequestInvalid, disk_full, memory_short
from bottega.serving.console.asked import in_console
from bottega.serving.http.own_pages import nothing_here
from bottega.serving.refusals import refusal_of
from bottega.texts import plain_fault, sentence, shown

__all__ = ["ErrorAnswer", "ErrorBody", "answer", "install", "of_machine", "our_answer", "requires"]

log = structlog.get_logger("bottega")
_WHERE = (("body",), ("query",), ("path",))
"""Where in a request FastAPI says that a field stood; fields are called by their names alone."""
_BODIES = "bottega_bodies"
_UNSAID = frozenset({"password", "secret", "key"})
"""Fields whose values no answer repeats."""


class ErrorBody(BaseModel):
    """What went wrong, and what to do."""

    code: str
    message: str
    seen: str
    allowed: str
    next_step: str


class ErrorAnswer(BaseModel):
    """How every error arrives."""

    error: ErrorBody


def requires(app: FastAPI, bodies: dict[str, type[BaseModel]]) -> None:
    """Remember the request each route takes ("POST /v1/search"), to list its fields when one is unknown."""
    setattr(app.state, _BODIES, bodies)


def install(app: FastAPI) -> None:
    """Answer every exception in this shape."""
    app.add_exception_handler(BottegaError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ValidationError, _of_no_shape)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OSError, _of_machine)
    app.add_exception_handler(MemoryError, _of_machine)
    app.add_exception_handler(Exception, _bug)


def answer(
    status: int, code: str, seen: str, allowed: str = "", next_step: str = "", headers: dict[str, str] | None = None
) -> JSONResponse:
    """An error response."""
    message = " ".join(part for part in (seen, allowed, next_step) if part)
    body = {"code": code, "message": message, "seen": seen, "allowed": allowed, "next_step": next_step}
    return JSONResponse({"error": body}, status_code=status, headers=headers)


def our_answer(error: BottegaError) -> Response:
    """The response to an error of ours."""
    headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, KeyRefused) else None
    if error.retry_after_s:
        headers = {"Retry-After": str(error.retry_after_s)}
    if error.outside:
        log.warning("refused", code=error.code, message=str(error))
    told = error.for_others()
    return answer(told.status, told.code, told.seen, told.allowed, told.next_step, headers)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, BottegaError)
    return await _on_a_page(request, error) or our_answer(error)


async def _on_a_page(request: Request, error: BottegaError, status: int | None = None) -> Response | None:
    """The error as a page, where a page of the console was asked for; null for anything else."""
    if not in_console(request.scope):
        return None
    if error.outside:
        log.warning("refused", code=error.code, message=str(error))
    if status is not None:
        error.status = status  # type: ignore[misc]  # of this one alone
    from bottega.serving.console.faults import fault_page

    return await fault_page(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if page := await _on_a_page(request, _unreadable(error)):
        return page
    problem = error.errors()[0]
    place = problem["loc"][1:] if problem["loc"][:1] in _WHERE else problem["loc"]
    field = ".".join(str(part) for part in place)
    model = getattr(request.app.state, _BODIES, {}).get(f"{request.method} {request.url.path}")
    fields = _fields(model, place[:-1]) if model else []
    allowed = f"Fields here are {', '.join(fields)}." if fields else ""
    code, status = RequestInvalid.code, RequestInvalid.status
    if problem["type"] == "extra_forbidden":
        return answer(status, code, f"Field {field!r} is unknown.", allowed, "Remove or correct it.")
    if problem["type"] == "json_invalid":
        seen = f"The body is not JSON: {problem.get('ctx', {}).get('error', '')}."
        return answer(status, code, seen, next_step="Correct it and send the request again.")
    if isinstance(problem.get("input"), bytes):
        seen, allowed = "The body did not come as JSON.", "It needs the header `Content-Type: application/json`."
        return answer(status, code, seen, allowed, "Add the header and send the request again.")
    if problem["type"] == "missing":
        name = f"Field {field!r}" if field else "The body"
        return answer(status, code, f"{name} is missing.", allowed, "Send it.")
    seen = "of another form" if _UNSAID.intersection(map(str, place)) else shown(problem.get("input"))
    name = f"Field {field!r}" if field else "The body"
    return answer(
        status,
        code,
        f"{name} is {seen}.",
        sentence(plain_fault(problem)),
        "Correct it and send the request again.",
    )


async def _of_no_shape(request: Request, error: Exception) -> Response:
    """A page of the console that makes a request of its address or its form, of values that the request refuses."""
    assert isinstance(error, ValidationError)
    if page := await _on_a_page(request, refusal_of(error, "Correct it, or go back to the page.")):
        return page
    raise error


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers) if error.headers else None
    if in_console(request.scope):
        nothing = NotFound("Nothing stands at this address.", next_step="It may be mistyped, or gone.")
        found = nothing if error.status_code == 404 else RequestInvalid(str(error.detail))
        if page := await _on_a_page(request, found, error.status_code):
            return page
    if error.status_code == 404:
        if page := nothing_here(request):
            return page
        return answer(404, "not_found", f"There is no route {request.url.path!r}.", next_step="See /docs.")
    if error.status_code == 405:
        seen = f"{request.url.path} does not take {request.method}."
        return answer(405, "method_not_allowed", seen, next_step="See /docs.", headers=headers)
    if isinstance(broken := error.__cause__, UnicodeDecodeError):
        byte = broken.object[broken.start]
        seen = f"The body is not UTF-8: byte {byte:#04x} at place {broken.start} is no part of a character."
        return answer(400, "request_unreadable", seen, "JSON is UTF-8.", "Encode it as UTF-8 and send it again.")
    if isinstance(error.__cause__, RecursionError):
        seen = "The body holds lists or objects inside one another beyond all depth."
        return answer(400, "request_unreadable", seen, next_step="Correct it and send the request again.")
    code = {413: "body_too_large", 408: "body_too_slow"}.get(error.status_code, "request_unreadable")
    return answer(error.status_code, code, str(error.detail), headers=headers)


def of_machine(error: Exception) -> BottegaError | None:
    """What to answer where the machine had no room or no memory; None for any other error."""
    return disk_full(error) or memory_short(error)


async def _of_machine(request: Request, error: Exception) -> Response:
    found = of_machine(error)
    if found is None:
        raise error
    log.warning("machine", route=request.url.path, code=found.code, message=str(found))
    return await _on_a_page(request, found) or our_answer(found)


async def _bug(request: Request, error: Exception) -> Response:
    log.error("bug", route=request.url.path, exc_info=error)
    inside = BottegaError("Something failed inside.", next_step="The server's log has the details.")
    if page := await _on_a_page(request, inside, 500):
        return page
    return answer(500, "bug", "Something failed inside.", next_step="The server's log has the details.")


def _unreadable(error: RequestValidationError) -> RequestInvalid:
    """The first thing that an address or a form of a page said wrongly."""
    problem = error.errors()[0]
    field = str(problem["loc"][-1]) if problem["loc"] else "The address"
    return RequestInvalid(f"{field} is {shown(problem.get('input'))}.", allowed=sentence(plain_fault(problem)))


def _fields(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    """Names of the fields at a place inside a body, followed through lists, dictionaries and unions."""
    for part in place:
        if not isinstance(part, str):
            continue
        found = next((f for name, f in model.model_fields.items() if part in (name, f.alias)), None)
        if found is None:  # the name of a union's branch, which pydantic puts into the path
            continue
        inner = _models(found.annotation)
        if not inner:
            return []
        model = inner[0]
    return [field.alias or name for name, field in model.model_fields.items()]


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in typing.get_args(annotation) for model in _models(part)]
