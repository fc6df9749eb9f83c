"""`POST /v1/check/events`: a file of events that is sent along is judged, and nothing of it kept."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse

from bottega.actions.check.shapes import CheckEventsRequest, CheckReport
from bottega.actions.jobs.uploads import upload_name
from bottega.errors import disk_full
from bottega.names import Role
from bottega.serving.http.auth import needs
from bottega.serving.http.check_page import DOCUMENT
from bottega.serving.http.door import door_of
from bottega.serving.http.sent_file import file_body, sent_file
from bottega.shop.folder import ShopFolder

__all__ = ["router"]

router = APIRouter(tags=["check"], dependencies=[needs(Role.READ)])


@router.post("/v1/check/events", response_model=CheckReport, openapi_extra=file_body(CheckEventsRequest))
async def events(request: Request) -> Response:
    """Say what is wrong with a file of events before it is imported; a page where the request accepts HTML."""
    async with sent_file(request, CheckEventsRequest) as sent:
        shop = door_of(request).shop.folder
        report = await run_in_threadpool(_checked, shop, sent.name, sent.content, sent.fields)
    if "text/html" in request.headers.get("accept", ""):
        from bottega.serving.pages.check import check_html

        return HTMLResponse(check_html(report), headers={"Content-Security-Policy": DOCUMENT})
    return JSONResponse(report.model_dump(mode="json"))


def _checked(shop: ShopFolder, name: str, content: BinaryIO, fields: dict[str, Any]) -> CheckReport:
    from bottega.actions.check.check_events import check_events  # reads tables, which answers do not

    with tempfile.TemporaryDirectory(prefix="bottega-check-") as folder:
        path = Path(folder) / upload_name(name)
        try:
            asked = CheckEventsRequest.model_validate({**fields, "source": path})
        except ValidationError as error:
            raise RequestValidationError(error.errors(include_url=False)) from error
        try:
            with path.open("wb") as stream:
                shutil.copyfileobj(content, stream, 1 << 20)
        except OSError as error:
            raise disk_full(error) or error from error
        return check_events(shop, asked)
