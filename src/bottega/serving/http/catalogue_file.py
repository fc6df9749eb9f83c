"""`GET /v1/catalogue/export`: the catalogue as a file for another system, sent along as it is written to the disk.

It is written whole before the first byte is sent, so that an error is told as one, and the headers say what is in it.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from bottega.names import Role
from bottega.serving.http.auth import needs
from bottega.serving.http.door import door_of

__all__ = ["router"]

router = APIRouter(tags=["catalogue"], dependencies=[needs(Role.READ)])
_TYPES = {".csv": "text/csv", ".tsv": "text/tab-separated-values"}


@router.get("/v1/catalogue/export", response_class=FileResponse)
async def export(
    request: Request,
    format: Annotated[str, Query(description="google, meta, shopify, woocommerce or bigcommerce.")],
) -> FileResponse:
    """The catalogue as a file that Google, Meta or a shop platform takes. `X-Bottega-Export` tells, as JSON, how many
    products are in it, which are not and why, and which fields lost something."""
    from bottega.actions.catalogue.export_catalogue import ExportCatalogueRequest, export_catalogue

    shop = door_of(request).shop
    folder = Path(await run_in_threadpool(tempfile.mkdtemp, prefix="bottega-export-"))
    asked = ExportCatalogueRequest(format=format, out=folder / "catalogue")
    try:
        done = await run_in_threadpool(export_catalogue, shop, asked)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    told = done.model_dump_json(include={"products", "left_out", "lost"})
    return FileResponse(
        done.path,
        media_type=_TYPES[done.suffix],
        filename=f"catalogue-{done.format}{done.suffix}",
        headers={"X-Bottega-Export": told, "Cache-Control": "no-store"},
        background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
    )
