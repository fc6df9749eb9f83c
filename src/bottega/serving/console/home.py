"""The first page: how the shop is."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from bottega.serving.console.frame import Page, visit_of

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console", "Home")
PAGES = (PAGE,)


@router.get("/console")
async def show(request: Request) -> Response:
    """How the shop is."""
    visit = await visit_of(request, PAGE.role)
    return visit.page("home.html", PAGE, health=await run_in_threadpool(visit.shop.health))
