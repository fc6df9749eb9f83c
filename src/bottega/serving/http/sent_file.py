"""One file in a request: a form (multipart/form-data) with the file in the field `file`, options in the others.

The file lies on disk while the rest of the form arrives (`Traffic` ends bodies beyond the setting `max_body_mb`).
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, BinaryIO, NamedTuple

from fastapi import Request
from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from bottega.errors import RequestInvalid

__all__ = ["FIELD", "SentFile", "file_body", "sent_file"]

FIELD = "file"
_FIELD_BYTES = 64 * 1024
_SOURCE = "source"
"""The field of the request in whose place the file comes."""
_ALLOWED = f"A file comes as a form (multipart/form-data), in the field {FIELD!r}."
_NEXT = f"With curl: `-F {FIELD}=@feed.csv`."


class SentFile(NamedTuple):
    """A file as it came, open, and what else the form says."""

    name: str
    content: BinaryIO
    fields: dict[str, Any]


@asynccontextmanager
async def sent_file(request: Request, takes: type[BaseModel]) -> AsyncIterator[SentFile]:
    """The file of a request, with fields of the shape `takes`. Raises `RequestInvalid`."""
    options = sorted(set(takes.model_fields) - {_SOURCE})
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise _invalid(f"The body came as {kind!r}." if kind else "The request has no content type.")
    try:
        form = await request.form(max_files=1, max_fields=len(options) + 1, max_part_size=_FIELD_BYTES)
    except HTTPException as error:
        if error.status_code != 400:
            raise
        raise _invalid(f"The form cannot be read: {error.detail}") from error
    try:
        fields: dict[str, Any] = {}
        file: UploadFile | None = None
        for name, value in form.multi_items():
            if name == FIELD and isinstance(value, UploadFile):
                file = value
            elif name in options and isinstance(value, str):
                fields[name] = _value(value)
            else:
                raise RequestInvalid(
                    f"Field {name!r} is unknown, or no text.",
                    allowed=f"Besides {FIELD!r}, fields here are {', '.join(options)}.",
                    next_step="Remove or correct it.",
                )
        if file is None or not file.size:
            raise _invalid(f"The form holds no file in the field {FIELD!r}, or an empty one.")
        yield SentFile(file.filename or "", file.file, fields)
    finally:
        await form.close()


def file_body(takes: type[BaseModel]) -> dict[str, Any]:
    """What OpenAPI says of such a body (a route's `openapi_extra`)."""
    others = {name: field for name, field in takes.model_fields.items() if name != _SOURCE}
    properties = {
        FIELD: {"type": "string", "format": "binary"},
        **{name: {"type": "string", "description": field.description or ""} for name, field in others.items()},
    }
    form = {"type": "object", "properties": properties, "required": [FIELD]}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}}}


def _value(text: str) -> Any:
    """An option as JSON where it is an object or a list; else as the text it is."""
    if text[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestInvalid(
            f"{text[:80]!r} is not JSON.", next_step="Correct it and send the request again."
        ) from error


def _invalid(seen: str) -> RequestInvalid:
    return RequestInvalid(seen, allowed=_ALLOWED, next_step=_NEXT)
