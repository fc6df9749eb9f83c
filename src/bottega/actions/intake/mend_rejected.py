"""A refused row of a product, corrected and sent again: by the rules that refused it, as if it came from its feed.

What came in leaves its list; a list without rows is gone.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Literal

from bottega.actions.intake.posted_product import pictures_there, product_refused
from bottega.actions.intake.read_rejects import KeptRejects, kept_rejects
from bottega.actions.intake.reject_shapes import MendRejectedAnswer, MendRejectedRequest
from bottega.actions.intake.rejects import SAID
from bottega.actions.intake.shapes import Warned
from bottega.catalogue.problems import problem
from bottega.catalogue.readers.draft import Draft, make_product
from bottega.catalogue.readers.fields.lists import split_path
from bottega.errors import ProductInvalid, RequestInvalid
from bottega.events.times import now_ms
from bottega.shop.open_shop import OpenShop
from bottega.sources.problems import Problem, Severity

__all__ = ["mend_rejected"]

_TEXTS = frozenset(
    one.name for one in fields(Draft) if one.type == "str" and one.name not in ("row", "asks_date", "html_expected")
)
_LISTS = ("category", "images")


def mend_rejected(shop: OpenShop, request: MendRejectedRequest) -> MendRejectedAnswer:
    """Store the row as corrected. Raises `ProductInvalid` where a rule still refuses it, or where its id is taken and
    `replace` is not given, and `RequestInvalid` for a list or a row that is not there."""
    kept = kept_rejects(shop, request.file)
    draft = _draft(kept, request)
    product, problems = make_product(draft, currency=shop.settings.currency, now_ms=now_ms())
    if product is None:
        first = next(one for one in problems if one.severity is Severity.REJECT)
        raise product_refused(first.rule, first.field, first.seen)
    if not request.replace and product.id in shop.store.products.get([product.id]):
        raise ProductInvalid(
            product.id,
            field="id",
            allowed="The catalogue has a product of this id, and it would be replaced.",
            next_step="Give the row an id of its own, or send it again with `replace`.",
        )

    def warn(rule: str, field: str, seen: str) -> None:
        problems.append(problem(rule, request.row, field, seen))

    product = product.model_copy(update={"images": pictures_there(product.images, shop.folder.images, warn)})
    written = shop.upsert([product], from_merchant=[product.id])
    outcome: Literal["added", "updated", "unchanged"] = "added" if written.added else "unchanged"
    outcome = "updated" if written.updated else outcome
    return MendRejectedAnswer(
        product_id=product.id, outcome=outcome, warnings=list(map(_warned, problems)), left=_left(shop, kept, request)
    )


def _draft(kept: KeptRejects, request: MendRejectedRequest) -> Draft:
    """The row as it is kept, with what is otherwise."""
    mine = [row for row in kept.rows if row["row"] == request.row]
    if not mine or SAID not in kept.columns:
        raise RequestInvalid(
            f"There is no row {request.row!r} of a product in {request.file}.",
            allowed="Rows of products that an import refused can be sent again, those of the list.",
            next_step="See its rows with `bottega rejects show`; rows of events are sent again by their source.",
        )
    said: dict[str, Any] = {}
    if text := next((row[SAID] for row in mine if row.get(SAID)), ""):
        said = json.loads(text)
    given = {**said, **request.fields}
    if isinstance(attributes := request.fields.get("attributes"), Mapping):
        given["attributes"] = {**said.get("attributes", {}), **attributes}
    draft = Draft(request.row)
    for name, value in given.items():
        if value is not None:
            _put(draft, name, value)
    return draft


def _put(draft: Draft, name: str, value: Any) -> None:
    if name in _TEXTS and isinstance(value, str | int | float) and not isinstance(value, bool):
        setattr(draft, name, str(value))
    elif name == "category" and isinstance(value, str):
        draft.category = list(split_path(value))
    elif name in _LISTS and isinstance(value, str):
        setattr(draft, name, [value])
    elif name in _LISTS and isinstance(value, list) and all(isinstance(one, str) for one in value):
        setattr(draft, name, list(value))
    elif name == "attributes" and isinstance(value, Mapping):
        for each, values in value.items():
            many = values if isinstance(values, list) else [values]
            if values is not None:
                draft.attributes[str(each)] = [str(one) for one in many]
    else:
        raise RequestInvalid(
            f"Field {name!r} is {str(value)[:80]!r}.",
            allowed=f"Fields of a row are {', '.join(sorted(_TEXTS))} as texts, category and images as lists of texts, "
            "attributes by name.",
            next_step="Correct it and send the row again.",
        )


def _warned(one: Problem) -> Warned:
    return Warned(index=0, field=one.field, seen=one.seen, fix=one.fix, rule=one.rule)


def _left(shop: OpenShop, kept: KeptRejects, request: MendRejectedRequest) -> int:
    """Take the row out of its list; how many problems are left in it."""
    rest = [row for row in kept.rows if row["row"] != request.row]
    if not rest:
        shop.folder.files.remove(kept.name)
        return 0
    fresh = io.StringIO(newline="")
    writer = csv.DictWriter(fresh, kept.columns)
    writer.writeheader()
    writer.writerows({name: row.get(name, "") for name in kept.columns} for row in rest)
    shop.folder.files.write(kept.name, fresh.getvalue().encode())
    return len(rest)
