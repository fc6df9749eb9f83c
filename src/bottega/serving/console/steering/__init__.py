"""Steering without code: saved rules, what was searched for, synonyms, and words that were learnt."""

from __future__ import annotations

from fastapi import APIRouter

from bottega.serving.console.steering import meanings, rule_editing, rules, searches, synonyms

__all__ = ["PAGES", "router"]

_PARTS = (rules, rule_editing, searches, synonyms, meanings)
router = APIRouter(include_in_schema=False)
for _part in _PARTS:
    router.routes.extend(_part.router.routes)
PAGES = tuple(page for part in _PARTS for page in part.PAGES)
