"""The form of a rule: what its fields hold, what a button does to them, and the rule that comes of it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from pydantic import ValidationError
from starlette.datastructures import FormData

from bottega.catalogue.filter import Filter
from bottega.currencies import exponent
from bottega.errors import RequestInvalid
from bottega.serving.refusals import refusal_of
from bottega.shop.rules.rule import IN_ORDER, RuleKind, SavedRule, moment_ms

__all__ = ["NEXT", "RuleForm", "free_id"]

NEXT = "Correct it in the form."
_SHOWN = ("category", "brand", "price_minor", "attributes")
"""Fields of a filter that the form shows; the others are kept as they are."""


@dataclass
class RuleForm:
    """What stands in the form. Texts are as they were typed."""

    kind: str
    id: str = ""
    """Empty: of no rule yet."""
    name: str = ""
    product_ids: list[str] = field(default_factory=list)
    of_category: list[str] = field(default_factory=list)
    of_brand: list[str] = field(default_factory=list)
    price_from: str = ""
    price_to: str = ""
    attributes: str = ""
    """Lines as in "color: red, white"."""
    rest: str = ""
    """What else a program said of the products, as JSON."""
    rank: str = "1"
    multiply: str = ""
    own_page: str = ""
    url: str = ""
    placements: list[str] = field(default_factory=list)
    category: list[str] = field(default_factory=list)
    query: str = ""
    """One a line."""
    match: str = "contains"
    segments: list[str] = field(default_factory=list)
    anchor_ids: list[str] = field(default_factory=list)
    from_day: str = ""
    from_time: str = ""
    until_day: str = ""
    until_time: str = ""
    enabled: str = "1"
    priority: str = "0"
    find: str = ""
    """What is typed to find products, and products to stand beside."""
    find_anchor: str = ""
    see_place: str = ""
    """What the preview shows: a place, as whom, which category, search, product, day."""
    see_shopper: str = ""
    see_category: str = ""
    see_query: str = ""
    see_product: str = ""
    see_day: str = ""

    @classmethod
    def of_form(cls, form: FormData) -> Self:
        """What was sent."""
        made: dict[str, Any] = {}
        for each in fields(cls):
            several = each.name in _SEVERAL
            values = [str(one).strip() for one in form.getlist(each.name) if str(one).strip()]
            made[each.name] = list(dict.fromkeys(values)) if several else (values[-1] if values else "")
        if made["kind"] not in set(RuleKind):
            raise RequestInvalid(
                f"The rule is of kind {made['kind']!r}.",
                allowed=f"Kinds are {', '.join(RuleKind)}.",
                next_step="Choose one on the page of new rules.",
            )
        return cls(**made)

    @classmethod
    def of_rule(cls, rule: SavedRule, zone: tzinfo, currency: str) -> Self:
        """The form of a saved rule."""
        wanted = rule.products or Filter()
        price, digits = wanted.price_minor, exponent(currency)
        kept = wanted.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=set(_SHOWN))
        start, end = _on_clock(rule.valid_from, zone), _on_clock(rule.valid_until, zone)
        return cls(
            kind=rule.kind.value,
            id=rule.id,
            name=rule.name,
            product_ids=list(rule.product_ids),
            of_category=list(wanted.category or ()),
            of_brand=list(wanted.brand or ()),
            price_from=_major(price.min if price else None, digits),
            price_to=_major(price.max if price else None, digits),
            attributes="\n".join(f"{name}: {', '.join(values)}" for name, values in (wanted.attributes or {}).items()),
            rest=json.dumps(kept, ensure_ascii=False) if kept else "",
            rank=str(rule.rank),
            multiply="" if rule.multiply is None else f"{rule.multiply:g}",
            own_page="1" if rule.own_page else "",
            url=rule.url or "",
            placements=list(rule.placements),
            category=list(rule.category),
            query="\n".join(rule.query),
            match=rule.match,
            segments=list(rule.segments),
            anchor_ids=list(rule.anchor_ids),
            from_day=start[0],
            from_time=start[1],
            until_day=end[0],
            until_time=end[1],
            enabled="1" if rule.enabled else "",
            priority=str(rule.priority),
        )

    @property
    def says_nothing(self) -> bool:
        """Whether it names no product yet, or of a redirect no search or no address."""
        if self.kind == RuleKind.REDIRECT:
            return not (self.query and self.url)
        filtered = self.of_category or self.of_brand or self.price_from or self.price_to or self.attributes or self.rest
        return not self.product_ids and (RuleKind(self.kind) in IN_ORDER or not filtered)

    def press(self, button: str, named: Mapping[str, str]) -> None:
        """What a button does: put something into a list or take it out, up or down; choose as whom the preview is.
        `named`: what was typed to be added to a list, as the shop writes it."""
        for name, more in named.items():
            if more not in getattr(self, name):
                getattr(self, name).append(more)
        deed, _, rest = button.partition(":")
        name, _, value = rest.partition(":")
        if deed == "as":
            self.see_shopper = rest
        if name not in _SEVERAL:
            return
        held: list[str] = getattr(self, name)
        if deed == "add" and value and value not in held:
            held.append(value)
            self.find, self.find_anchor = "", ""
        elif deed == "drop" and value in held:
            held.remove(value)
        elif deed == "up" and value in held[1:]:
            at = held.index(value)
            held[at - 1], held[at] = held[at], held[at - 1]

    def rule(self, currency: str) -> SavedRule:
        """The rule that it says. Raises `RequestInvalid` where it says none."""
        kind = RuleKind(self.kind)
        said: dict[str, Any] = {
            "id": self.id or "draft",
            "name": self.name,
            "kind": kind,
            "enabled": bool(self.enabled),
            "priority": self.priority or "0",
            "product_ids": self.product_ids,
            "placements": self.placements,
            "category": self.category,
            "query": [" ".join(line.split()) for line in self.query.splitlines() if line.strip()],
            "match": self.match or "contains",
            "segments": self.segments,
            "anchor_ids": self.anchor_ids,
            "valid_from": _moment(self.from_day, self.from_time, "It begins"),
            "valid_until": _moment(self.until_day, self.until_time, "It ends"),
        }
        if kind is RuleKind.PIN:
            said["rank"] = self.rank or "1"
        if kind in (RuleKind.BOOST, RuleKind.BURY):
            said["multiply"] = self.multiply or None
        if kind is RuleKind.HIDE:
            said["own_page"] = bool(self.own_page)
        if kind is RuleKind.REDIRECT:
            said["url"] = self.url or None
        elif kind not in IN_ORDER:
            said["products"] = self._products(currency)
        try:
            return SavedRule.model_validate(said)
        except ValidationError as error:
            raise refusal_of(error, NEXT) from error

    def _products(self, currency: str) -> dict[str, Any] | None:
        wanted: dict[str, Any] = {}
        if self.rest:
            try:
                wanted = dict(json.loads(self.rest))
            except (ValueError, TypeError) as error:
                raise RequestInvalid(
                    "What a program said of the products did not come back as it was.",
                    next_step="Open the rule again and change it there.",
                ) from error
        if self.of_category:
            wanted["category"] = self.of_category
        if self.of_brand:
            wanted["brand"] = self.of_brand
        least, most = _minor(self.price_from, currency), _minor(self.price_to, currency)
        if least is not None or most is not None:
            wanted["price_minor"] = {"min": least, "max": most}
        if self.attributes:
            wanted["attributes"] = dict(_attribute(line) for line in self.attributes.splitlines() if line.strip())
        return wanted or None


_SEVERAL = tuple(each.name for each in fields(RuleForm) if each.default_factory is list)
"""Fields that hold several."""


def free_id(name: str, kind: str, taken: Collection[str]) -> str:
    """An id of a new rule, after its name.

    >>> free_id("Mother's Day", "pin", {"mother-s-day"})
    'mother-s-day-2'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or kind
    number, found = 1, stem
    while found in taken:
        number += 1
        found = f"{stem}-{number}"
    return found


def _moment(day: str, time: str, said: str) -> str | None:
    if time and not day:
        raise RequestInvalid(f"{said} at {time}, of no day.", allowed="A time has a day.", next_step=NEXT)
    return (f"{day}T{time}" if time else day) or None


def _on_clock(text: str | None, zone: tzinfo) -> tuple[str, str]:
    """Day and time by the shop's clock; no time for a day alone."""
    if text is None:
        return "", ""
    if len(text.strip()) <= 10:
        return text.strip(), ""
    local = datetime.fromtimestamp(moment_ms(text, zone) / 1000, UTC).astimezone(zone)
    return f"{local:%Y-%m-%d}", f"{local:%H:%M:%S}".removesuffix(":00")


def _major(minor: int | None, digits: int) -> str:
    return "" if minor is None else f"{Decimal(minor).scaleb(-digits):f}"


def _minor(text: str, currency: str) -> int | None:
    if not text:
        return None
    try:
        return int(Decimal(text.replace(",", ".")).scaleb(exponent(currency)))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise RequestInvalid(
            f"A price is {text!r}.", allowed=f"A number in {currency}, as in 12.50.", next_step=NEXT
        ) from error


def _attribute(line: str) -> tuple[str, list[str]]:
    name, colon, values = line.partition(":")
    found = [one.strip() for one in values.split(",") if one.strip()]
    if not colon or not name.strip() or not found:
        raise RequestInvalid(
            f"The line {line.strip()!r} names no attribute with its values.",
            allowed="One attribute a line, as in: color: red, white.",
            next_step=NEXT,
        )
    return name.strip(), found
