"""What it earns: attribution, experiments, what exploration tells."""

from __future__ import annotations

from fastapi import APIRouter

from bottega.serving.console.proof import earnings, estimates, experiments

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
for _area in (earnings, experiments, estimates):
    router.include_router(_area.router)
PAGES = (*earnings.PAGES, *experiments.PAGES, *estimates.PAGES)
