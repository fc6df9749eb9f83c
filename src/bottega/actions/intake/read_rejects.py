"""Lists of rows that imports could not use, read from where the shop's files lie: which there are, and one of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from bottega.actions.intake.reject_shapes import (
    RejectedRow,
    RejectedRule,
    RejectList,
    RejectListAnswer,
    RejectListRequest,
    RejectListsAnswer,
    RejectListsRequest,
)
from bottega.actions.intake.rejects import SAID, WHO
from bottega.catalogue.problems import RULES
from bottega.errors import RequestInvalid
from bottega.events.rules import RULES as EVENT_RULES
from bottega.reviews.rules import RULES as REVIEW_RULES
from bottega.shop.open_shop import OpenShop
from bottega.sources.problems import Rule

__all__ = ["KeptRejects", "kept_rejects", "list_rejects", "show_rejects"]

_NAME = re.compile(r"(?P<source>.+)-(?P<at>\d{8}T\d{12})Z(?P<warnings>-warnings)?\.csv")
_FORM = "%Y%m%dT%H%M%S%f"


class KeptRejects(NamedTuple):
    """One list as it is kept."""

    name: str
    """In the shop's files."""
    columns: list[str]
    rows: list[dict[str, str]]


def list_rejects(shop: OpenShop, request: RejectListsRequest) -> RejectListsAnswer:
    """Lists of rejected rows and of warnings, the newest first; those that were emptied are gone."""
    found = sorted(_names(shop), key=lambda name: (_when(name), name), reverse=True)
    page = found[request.after : request.after + request.n]
    end = request.after + len(page)
    told = [_list_of(kept) for name in page if (kept := _read(shop, name)) is not None]
    return RejectListsAnswer(lists=told, next=end if end < len(found) else None)


def show_rejects(shop: OpenShop, request: RejectListRequest) -> RejectListAnswer:
    """One list: what is wrong and how to mend it, and its rows a page at a time. Raises `RequestInvalid`."""
    kept = kept_rejects(shop, request.file)
    listed = _list_of(kept)
    known = _rules_of(listed.of)
    fixes: dict[str, str] = {}
    for row in kept.rows:
        fixes.setdefault(row["rule"], row["fix"])
    rules = [
        RejectedRule(rule=name, count=count, meaning=known[name].meaning if name in known else name, fix=fixes[name])
        for name, count in listed.rules.items()
    ]
    rows = [one for one in kept.rows if request.rule in (None, one["rule"]) and request.row in (None, one["row"])]
    end = request.after + request.n
    return RejectListAnswer(
        of=listed,
        rules=rules,
        rows=[_row(one) for one in rows[request.after : end]],
        total=len(rows),
        next=end if end < len(rows) else None,
    )


def kept_rejects(shop: OpenShop, file: str) -> KeptRejects:
    """The list of a name. Raises `RequestInvalid` for one that is not there."""
    name = f"{shop.folder.rejects.name}/{file}"
    found = _read(shop, name) if name in _names(shop) else None
    if found is None:
        raise RequestInvalid(
            f"There is no list {file!r} of rows that an import could not use.",
            allowed="Lists are named as GET /v1/rejects tells them.",
            next_step="See which there are (`bottega rejects list`); one whose rows are all mended is gone.",
        )
    return found


def _names(shop: OpenShop) -> list[str]:
    return [name for name in shop.folder.files.names(shop.folder.rejects.name) if name.endswith(".csv")]


def _read(shop: OpenShop, name: str) -> KeptRejects | None:
    content = shop.folder.files.read(name)
    if content is None:
        return None
    reader = csv.DictReader(io.StringIO(content.decode("utf-8", "backslashreplace"), newline=""), restval="")
    rows = [{key: value for key, value in row.items() if isinstance(value, str)} for row in reader]
    return KeptRejects(name, list(reader.fieldnames or []), rows)


def _when(name: str) -> str:
    found = _NAME.fullmatch(name.rpartition("/")[2])
    return found["at"] if found else ""


def _list_of(kept: KeptRejects) -> RejectList:
    file = kept.name.rpartition("/")[2]
    found = _NAME.fullmatch(file)
    of: Literal["products", "persons", "others"] = "persons" if WHO in kept.columns else "others"
    rules = Counter(row["rule"] for row in kept.rows)
    if SAID in kept.columns or (of == "others" and all(name in RULES for name in rules)):
        of = "products"
    at = datetime.strptime(found["at"], _FORM).replace(tzinfo=UTC).isoformat("T", "seconds") if found else None
    return RejectList(
        file=file,
        source=found["source"] if found else file,
        at=at,
        level="warnings" if found and found["warnings"] else "rejected",
        of=of,
        problems=len(kept.rows),
        rules=dict(rules.most_common()),
    )


def _rules_of(of: str) -> Mapping[str, Rule]:
    return {**RULES, **REVIEW_RULES, **EVENT_RULES} if of == "persons" else RULES


def _row(row: Mapping[str, str]) -> RejectedRow:
    said: Any = None
    if text := row.get(SAID, ""):
        try:
            said = json.loads(text)
        except ValueError:  # a list that somebody edited
            said = None
    fields: Sequence[str] = ("row", "field", "rule", "seen", "fix")
    return RejectedRow(**{name: row.get(name, "") for name in fields}, said=said if isinstance(said, dict) else None)
