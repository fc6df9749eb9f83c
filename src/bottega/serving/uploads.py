"""Photos in a request: a form with files in the field `photo`, or one picture as the whole body.

Files of a form lie on disk while the rest arrives, and are read one by one once their size is known; a body that is a
picture is counted as it comes. So a request costs no more memory than the photos it may hold (`Traffic` ends bodies
beyond the setting `max_body_mb` earlier still).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import PurePath
from typing import Any, NamedTuple, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from bottega.errors import RequestInvalid
from bottega.shop.pictures.uploads import MAX_BYTES, UPLOADS_MAX, check_size
from bottega.shop.shape import Request as Asked
from bottega.shop.shape import Upload

__all__ = ["FIELD", "json_request", "photo_body", "photo_request"]

AskedT = TypeVar("AskedT", bound=Asked)

FIELD = "photo"
_NAME_MAX = 200
_FIELD_BYTES = 64 * 1024
_ALLOWED = (
    f"Photos come as a form (multipart/form-data) with 1 to {UPLOADS_MAX} files in the field {FIELD!r}, or as one "
    "picture in the body with a content type of image/*."
)
_NEXT = f"With curl: `-F {FIELD}=@shirt.jpg`."


class _Uploads(NamedTuple):
    """What a request brought: 1 to `UPLOADS_MAX` photos, and the other fields of its form or address."""

    photos: list[Upload]
    fields: dict[str, str]


async def _uploads_of(request: Request, fields: Collection[str], old: Collection[str]) -> _Uploads:
    """The photos of a request, and what it says in the `fields` that the route takes, by their `old` names too.

    Fields of the form come before those of the address.

    Raises `RequestInvalid` for another kind of body, a field the route does not take, no photo or too many of them;
    `PhotoRefused` for an empty one or one beyond 20 MB. An HTTP 413 comes from the limit on the whole body.
    """
    said = {name: value for name, value in request.query_params.items() if _known(name, fields, old)}
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind.startswith("image/"):
        return _Uploads([await _body(request)], said)
    if kind != "multipart/form-data":
        raise _invalid(f"The body came as {kind!r}." if kind else "The request has no content type.")
    try:
        form = await request.form(max_files=UPLOADS_MAX, max_fields=2 * len(fields) + 1, max_part_size=_FIELD_BYTES)
    except HTTPException as error:
        if error.status_code != 400:
            raise
        raise _invalid(f"The form cannot be read: {error.detail}") from error
    try:
        said |= {
            name: value for name, value in form.multi_items() if isinstance(value, str) and _known(name, fields, old)
        }
        return _Uploads(await _files(form), said)
    finally:
        await form.close()


async def photo_request(request: Request, shape: type[AskedT]) -> AskedT:
    """The request of a shape with a field `photo` or `photos`, read from a form or a body that is a picture.

    What is no plain value is JSON. Raises `RequestInvalid`, `PhotoRefused`; fails as a JSON body would.
    """
    came = await _uploads_of(request, _texts(shape), shape.OLD_NAMES)
    if "photo" in shape.model_fields and len(came.photos) != 1:
        raise RequestInvalid(
            f"{len(came.photos)} photos came.", allowed="This route takes one.", next_step="Send them one by one."
        )
    photos = {"photo": came.photos[0]} if "photo" in shape.model_fields else {"photos": came.photos}
    try:
        return shape.model_validate({name: _value(text) for name, text in came.fields.items()} | photos)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


async def json_request(request: Request, shape: type[AskedT]) -> AskedT:
    """The request of a shape that may come without a photo, from a JSON body; fails as any JSON body does."""
    try:
        return shape.model_validate_json(await request.body())
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


def photo_body(shape: type[BaseModel]) -> dict[str, Any]:
    """What OpenAPI says of such a body (a route's `openapi_extra`)."""
    most = UPLOADS_MAX if "photos" in shape.model_fields else 1
    binary = {"type": "string", "format": "binary"}
    photos = {"type": "array", "items": binary, "minItems": 1, "maxItems": most}
    texts = {name: {"type": "string", "description": text} for name, text in _texts(shape).items()}
    form = {"type": "object", "properties": {FIELD: photos} | texts, "required": [FIELD]}
    content = {"multipart/form-data": {"schema": form}, "image/*": {"schema": binary}}
    return {"requestBody": {"required": True, "content": content}}


def _texts(shape: type[BaseModel]) -> Mapping[str, str]:
    """The other fields of the form, name to description."""
    return {
        name: field.description or "The filter of /v1/recommendations, as JSON."
        for name, field in shape.model_fields.items()
        if name not in ("photo", "photos")
    }


def _value(text: str) -> Any:
    if text[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestInvalid(
            f"{text[:80]!r} is not JSON.", next_step="Correct it and send the request again."
        ) from error


async def _body(request: Request) -> Upload:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BYTES:
            break
    check_size(len(content), FIELD)
    return Upload(name=FIELD, content=bytes(content))


async def _files(form: FormData) -> list[Upload]:
    photos: list[Upload] = []
    for field, file in form.multi_items():
        if isinstance(file, UploadFile):
            if field != FIELD:
                raise _invalid(f"A file came in the field {field!r}.")
            name = _name(file.filename, len(photos) + 1)
            check_size(file.size or 0, name)
            photos.append(Upload(name=name, content=await file.read()))
    if not photos:
        raise _invalid(f"The form holds no file in the field {FIELD!r}.")
    return photos


def _name(said: str | None, number: int) -> str:
    """The file's own name without its folders and without characters that do not show."""
    text = "".join(letter for letter in PurePath((said or "").replace("\\", "/")).name if letter.isprintable())
    return text.strip()[:_NAME_MAX] or f"{FIELD}-{number}"


def _known(name: str, fields: Collection[str], old: Collection[str]) -> bool:
    if name in fields or name in old:
        return True
    if name == FIELD:
        raise _invalid(f"Field {FIELD!r} is text.")
    others = ", ".join(sorted(fields)) or "none"
    allowed = f"Besides {FIELD!r}, fields here are {others}."
    raise RequestInvalid(f"Field {name!r} is unknown.", allowed=allowed, next_step="Remove or correct it.")


def _invalid(seen: str) -> RequestInvalid:
    return RequestInvalid(seen, allowed=_ALLOWED, next_step=_NEXT)
