"""Settings with their meaning: those that hold at once are changed here, with an undo; others say where they are."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response

from bottega.actions.running.settings import change_setting, list_settings
from bottega.actions.running.settings_shapes import ChangedSetting, ChangeSettingRequest, SettingInfo, SettingsRequest
from bottega.names import Role
from bottega.serving.console.frame import Page, form_of, made_of, visit_of

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/settings", "Settings", group="Running", role=Role.MANAGE)
PAGES = (PAGE,)
_TOPICS = {
    "letters": "Letters",
    "opening": "Talks with persons",
    "handover": "Talks with persons",
    "talks_email": "Talks with persons",
    "train": "Training and schedules",
    "challenger": "Training and schedules",
    "taste": "Training and schedules",
    "connect": "Training and schedules",
    "report": "Training and schedules",
    "designs": "What visitors may do",
    "pictures": "What visitors may do",
    "dressing": "What visitors may do",
    "talks_an_hour": "What visitors may do",
    "share": "What visitors may do",
}
"""Beginning of a name -> the heading that it stands under; any other is about lists."""


class _Topic(NamedTuple):
    title: str
    settings: list[SettingInfo]


@router.get("/console/settings")
async def show(request: Request) -> Response:
    """All settings, those first that can be changed here."""
    visit = await visit_of(request, PAGE.role)
    answer = await visit.ask(list_settings, SettingsRequest())
    topics: dict[str, list[SettingInfo]] = {}
    for one in answer.settings:
        if one.live:
            topics.setdefault(_topic(one.name), []).append(one)
    return visit.page(
        "settings.html",
        PAGE,
        topics=[_Topic(title, settings) for title, settings in topics.items()],
        others=[one for one in answer.settings if not one.live],
        words=_words,
        lines=_lines,
        pairs=lambda choices: [(one, one) for one in choices],
    )


@router.post("/console/settings")
async def save(request: Request) -> Response:
    """Change one."""
    visit, form = await form_of(request, PAGE.role)
    chosen = [str(value) for value in form.getlist("value")]
    asked = {
        "name": str(form.get("name", "")),
        "value": json.dumps(chosen) if "several" in form else "".join(chosen[-1:]),
        "reset": "true" if "reset" in form else "",
    }
    changed: ChangedSetting = await visit.ask(
        change_setting, made_of(ChangeSettingRequest, asked, "name", "value", "reset")
    )
    before = changed.before
    back = {
        "name": changed.name,
        "value": before if isinstance(before, str) else json.dumps(before, ensure_ascii=False),
    }
    now, was = (_words(value) or "empty" for value in (changed.value, before))
    words = f"{_title(changed.name)} is {now} now; it was {was}."
    undo = back if changed.was_set else {"name": changed.name, "reset": "1"}
    return visit.done("/console/settings", words, undo=("/console/settings", undo))


def _topic(name: str) -> str:
    return next((title for start, title in _TOPICS.items() if name.startswith(start)), "Lists")


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _words(value: Any) -> str:
    """A value as people write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_words(one) for one in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)


def _lines(value: Any) -> str:
    return "\n".join(str(one) for one in value)
