"""`/console/setup/products`: a platform, the address of a feed, or a file whose columns are looked at first."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse

from bottega.actions.jobs.ask import start_job
from bottega.actions.jobs.shapes import StartJobRequest
from bottega.actions.merchant.first_feed import (
    ConnectPlatformRequest,
    ImportKeptRequest,
    KeptFeedRequest,
    connect_platform,
    import_kept,
    keep_feed,
    look_at_kept,
)
from bottega.actions.merchant.set_up import SetUpRequest, set_up
from bottega.errors import RequestInvalid
from bottega.names import Role
from bottega.serving.console.frame import Page, Visit, form_of, made_of, visit_of
from bottega.serving.console.setup.guide import SETUP

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PRODUCTS = Page("/console/setup/products", "Bring the products in", role=Role.MANAGE, under=SETUP.path)
COLUMNS = Page("/console/setup/columns", "What each column is", role=Role.MANAGE, under=SETUP.path)
PAGES = (PRODUCTS, COLUMNS)
FIELDS = (
    ("id", "id"), ("title", "title"), ("description", "description"), ("price", "price"), ("currency", "currency"),
    ("brand", "brand"), ("category", "category"), ("availability", "availability"), ("images", "pictures"),
    ("url", "page in the shop"), ("group_id", "group of variants"), ("updated_at", "last change"),
)  # fmt: skip
"""What a column may be, as `--map` calls it, and in words."""
_FIELD = "field-"


@router.get(PRODUCTS.path)
async def show(request: Request) -> Response:
    """The three ways."""
    visit = await visit_of(request, PRODUCTS.role)
    return visit.page("setup_products.html", PRODUCTS, state=await visit.ask(set_up, SetUpRequest()))


@router.post("/console/setup/platform")
async def connect(request: Request) -> Response:
    """Keep the address and the token, and fetch."""
    visit, form = await form_of(request, Role.ADMIN)
    asked = made_of(ConnectPlatformRequest, form, "platform", "address", "token")
    job = await visit.ask(connect_platform, asked)
    return visit.done(
        SETUP.path, f"{asked.platform.capitalize()} is connected; its products are being fetched (job {job.number})."
    )


@router.post("/console/setup/feed")
async def take_feed(request: Request) -> Response:
    """Fetch the feed at an address."""
    visit, form = await form_of(request, Role.MANAGE)
    address = str(form.get("address", "")).strip()
    if not address.startswith(("http://", "https://")):
        raise RequestInvalid(
            f"{address!r} is no address." if address else "The address is missing.",
            allowed="A feed lies at an address that begins with https:// or http://.",
            next_step="Copy it from the platform that makes the feed.",
        )
    job = await visit.ask(start_job, StartJobRequest(verb="import_catalogue", request={"source": address}))
    return visit.done(SETUP.path, f"The feed is being fetched (job {job.number}).")


@router.post("/console/setup/file")
async def take_file(request: Request) -> Response:
    """Keep a file and look at its columns."""
    visit, form = await form_of(request, Role.MANAGE)
    file: Any = form.get("file")
    if not isinstance(file, UploadFile) or not file.size:
        raise RequestInvalid(
            "No file came.", allowed="A feed is a file of products: CSV, TSV, XML, JSON.", next_step="Choose one."
        )
    try:
        source = await run_in_threadpool(keep_feed, visit.shop, file.filename or "", file.file)
    finally:
        await file.close()
    return _to(visit, source)


@router.get(COLUMNS.path)
async def show_columns(request: Request) -> Response:
    """What each column would be, to be corrected, and what is wrong with the file."""
    visit = await visit_of(request, COLUMNS.role)
    source = request.query_params.get("source", "")
    found = await visit.ask(look_at_kept, KeptFeedRequest(source=source, mapping=_mapping(request.query_params)))
    guessed = {one.column: one.field for one in found.proposal.columns if one.taken}
    columns = [*dict.fromkeys([one.column for one in found.proposal.columns] + found.proposal.unused_columns)]
    return visit.page(
        "setup_columns.html", COLUMNS, source=source, found=found, guessed=guessed, columns=columns, fields=FIELDS
    )


@router.post(COLUMNS.path)
async def take_columns(request: Request) -> Response:
    """Look again with what was corrected, or import."""
    visit, form = await form_of(request, Role.MANAGE)
    source, mapping = str(form.get("source", "")), _mapping(form)
    if form.get("again"):
        return _to(visit, source, **{_FIELD + column: name for name, column in mapping.items()})
    job = await visit.ask(import_kept, ImportKeptRequest(source=source, mapping=mapping))
    return visit.done(SETUP.path, f"The file is being imported (job {job.number}).")


def _mapping(form: Any) -> dict[str, str]:
    """Field -> column, as the page's choices say."""
    items = form.multi_items()
    chosen = [(str(value), name.removeprefix(_FIELD)) for name, value in items if name.startswith(_FIELD) and value]
    known = dict(FIELDS)
    twice = [name for name, _ in chosen if [one for one, _ in chosen].count(name) > 1]
    if twice or any(name not in known for name, _ in chosen):
        seen = f"Two columns are the {known.get(twice[0], twice[0])}." if twice else "A column is of no field there is."
        raise RequestInvalid(seen, allowed="A field is one column.", next_step="Choose another for one of them.")
    return dict(chosen)


def _to(visit: Visit, source: str, **fields: str) -> Response:
    """The page of the columns of a file."""
    return RedirectResponse(visit.url(COLUMNS.path, source=source, **fields), status_code=303)
