"""`/console/setup/widget` and `/publish`: the scripts for the shop's own pages, and a storefront of its own."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from bottega.actions.merchant.publish import AllowPageRequest, PublishRequest, allow_page, publish
from bottega.actions.merchant.set_up import SetUpRequest, set_up
from bottega.names import Role
from bottega.serving.console.frame import Page, form_of, made_of, visit_of
from bottega.serving.console.setup.guide import SETUP
from bottega.settings import load_settings
from bottega.shop.page_key import page_key

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
WIDGET = Page("/console/setup/widget", "Put it into your pages", role=Role.ADMIN, under=SETUP.path)
PUBLISH = Page("/console/setup/publish", "Publish the storefront", role=Role.ADMIN, under=SETUP.path)
PAGES = (WIDGET, PUBLISH)
LANGUAGES = (
    ("", "as the catalogue"), ("de", "German"), ("en", "English"), ("es", "Spanish"), ("fr", "French"),
    ("it", "Italian"),
)  # fmt: skip


@router.get(WIDGET.path)
async def show_widget(request: Request) -> Response:
    """The snippet, and whether a page called with it."""
    visit = await visit_of(request, WIDGET.role)
    key = await run_in_threadpool(page_key, visit.shop)
    state = await visit.ask(set_up, SetUpRequest())
    written = load_settings(visit.shop.folder.root)
    came_to = f"{request.url.scheme}://{request.url.netloc}{visit.url('/')}".rstrip("/")
    base = visit.shop.folder.settings.public_url or came_to
    snippet = (
        f'<script src="{base}/pixel.js" data-key="{key}" defer></script>\n'
        f'<script src="{base}/assistant.js" data-key="{key}" defer></script>'
    )
    return visit.page("setup_widget.html", WIDGET, snippet=snippet, state=state, origins=written.browser_origins)


@router.post(WIDGET.path)
async def allow(request: Request) -> Response:
    """Let the pages of a site call."""
    visit, form = await form_of(request, Role.ADMIN)
    asked = made_of(AllowPageRequest, form, "origin")
    done = await visit.ask(allow_page, asked)
    words = "may call once the server starts again" if done.settings else "might call already"
    return visit.done(WIDGET.path, f"Pages of {asked.origin} {words}.")


@router.get(PUBLISH.path)
async def show_publish(request: Request) -> Response:
    """What the storefront needs."""
    visit = await visit_of(request, PUBLISH.role)
    state = await visit.ask(set_up, SetUpRequest())
    written = load_settings(visit.shop.folder.root)
    return visit.page("setup_publish.html", PUBLISH, state=state, written=written, languages=LANGUAGES)


@router.post(PUBLISH.path)
async def do_publish(request: Request) -> Response:
    """Write the settings."""
    visit, form = await form_of(request, Role.ADMIN)
    if form.get("close"):
        await visit.ask(publish, PublishRequest(public=False))
        return visit.done(PUBLISH.path, "The storefront closes once the server starts again.")
    names = ("public_url", "shop_name", "storefront_language", "whatsapp")
    asked = PublishRequest.model_validate({name: str(form.get(name, "")).strip() for name in names})
    await visit.ask(publish, asked)
    return visit.done(PUBLISH.path, "It is written down. The storefront opens once the server starts again.")
