"""`/v1/reports/...`: the files of a report of a week."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from bottega.names import Role
from bottega.serving.http.auth import needs
from bottega.serving.http.door import door_of
from bottega.serving.report_files import report_response

__all__ = ["router"]

router = APIRouter(dependencies=[needs(Role.MANAGE)])


@router.get("/v1/reports/{week}/{file}", response_class=Response)
async def show(request: Request, week: str, file: str) -> Response:
    """A file of a report: `report.html`, `mail.html`, `mail.txt`, `csv.zip`, `parquet.zip` or `week.json`."""
    return await report_response(door_of(request).shop.folder, week, file)
