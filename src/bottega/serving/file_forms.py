"""Forms with named files: what a shape with `FILES` is read from.

Each file of the form comes in the field of its own name, once; every other field is plain text. The same fields may
come as JSON, with files as `{"name", "content"}` in base64.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from bottega.errors import RequestInvalid
from bottega.shop.shape import Request as Asked

__all__ = ["file_body", "file_fields", "file_request"]

AskedT = TypeVar("AskedT", bound=Asked)
_FIELD_BYTES = 64 * 1024
_NAME_MAX = 200


def file_fields(shape: type[BaseModel]) -> tuple[str, ...]:
    """Fields of a shape that are files of a form."""
    found: tuple[str, ...] = getattr(shape, "FILES", ())
    return found


async def file_request(request: Request, shape: type[AskedT]) -> AskedT:
    """The request of such a shape. Raises `RequestInvalid` for another kind of body, an unknown field, or one twice."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    try:
        if kind == "application/json":
            return shape.model_validate_json(await request.body())
        if kind != "multipart/form-data":
            raise RequestInvalid(
                f"The body came as {kind!r}." if kind else "The request has no content type.",
                allowed=f"It is a form (multipart/form-data) with {' or '.join(file_fields(shape))}, or JSON.",
                next_step=f"With curl: `-F {file_fields(shape)[0]}=@picture.jpg`.",
            )
        return shape.model_validate(await _fields(request, shape))
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


async def _fields(request: Request, shape: type[Asked]) -> dict[str, Any]:
    files = file_fields(shape)
    try:
        form = await request.form(max_files=len(files), max_fields=len(shape.model_fields), max_part_size=_FIELD_BYTES)
    except HTTPException as error:
        if error.status_code != 400:
            raise
        raise RequestInvalid(f"The form cannot be read: {error.detail}") from error
    found: dict[str, Any] = {}
    try:
        for name, value in form.multi_items():
            if name in found:
                raise RequestInvalid(f"Field {name!r} came twice.", next_step="Send it once.")
            if isinstance(value, UploadFile):
                if name not in files:
                    raise RequestInvalid(
                        f"A file came in the field {name!r}.", allowed=f"Files are {', '.join(files)}."
                    )
                if value.size or value.filename:  # a page sends an empty one for a field that nobody filled in
                    found[name] = {"name": _name(value.filename, name), "content": await value.read()}
            elif name in files and value:
                raise RequestInvalid(f"Field {name!r} is text.", allowed="It is a file.")
            elif value:
                found[name] = value
    finally:
        await form.close()
    # Files are bytes here, not the base64 of JSON, so they are put in by hand.
    from bottega.shop.shape import Upload

    return {name: Upload.model_construct(**value) if name in files else value for name, value in found.items()}


def file_body(shape: type[BaseModel]) -> dict[str, Any]:
    """What OpenAPI says of such a body (a route's `openapi_extra`)."""
    files = file_fields(shape)
    properties = {
        name: {"type": "string", "description": field.description or ""}
        | ({"format": "binary"} if name in files else {})
        for name, field in shape.model_fields.items()
    }
    schema = {"type": "object", "properties": properties}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def _name(said: str | None, field: str) -> str:
    text = "".join(letter for letter in PurePath((said or "").replace("\\", "/")).name if letter.isprintable())
    return text.strip()[:_NAME_MAX] or field
