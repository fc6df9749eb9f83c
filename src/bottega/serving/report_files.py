"""Files of reports as answers, at either door: looked at where they are pages, saved else, and nothing runs in them."""

from __future__ import annotations

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bottega.shop.folder import ShopFolder

__all__ = ["report_response"]

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


async def report_response(shop: ShopFolder, week: str, file: str, *, save: bool = False) -> Response:
    """A file of the report of a week. Raises `ReportUnknown`, `FilesUnavailable`."""
    from bottega.actions.reports.files import MEDIA_TYPES, report_file

    content = await run_in_threadpool(report_file, shop, week, file)
    headers = dict(_HEADERS)
    if save or not MEDIA_TYPES[file].startswith("text/"):
        headers["Content-Disposition"] = f'attachment; filename="week-{week}-{file}"'
    return Response(content, media_type=MEDIA_TYPES[file], headers=headers)
