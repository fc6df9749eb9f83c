"""`/v1/reports/...`: the files of a report of a week."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bottega.names import Role
from bottega.serving.http.auth import needs
from bottega.serving.http.door import door_of

__all__ = ["HEADERS", "router"]

router = APIRouter(dependencies=[needs(Role.MANAGE)])
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
}


@router.get("/v1/reports/{week}/{file}", response_class=Response)
async def show(request: Request, week: str, file: str) -> Response:
    """A file of a report: `report.html`, `mail.html`, `mail.txt`, `csv.zip`, `parquet.zip` or `week.json`."""
    from bottega.actions.reports.files import MEDIA_TYPES, report_file

    content = await run_in_threadpool(report_file, door_of(request).shop.folder, week, file)
    return Response(content, media_type=MEDIA_TYPES[file], headers=HEADERS)
