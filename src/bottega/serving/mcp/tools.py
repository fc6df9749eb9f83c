"""The tools: which verbs an agent may call, with which fields, and what comes back. Nothing here knows the protocol.

Idea     A tool is a verb that reads, told to a machine: its shape's own schema with the fields that an agent has a use
         for, the others fixed. What a listing or a review says is a value in an answer: no text chooses a tool, changes
         one, or leads to another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from bottega.actions.verb import Verb
from bottega.actions.verbs import verb
from bottega.errors import RequestInvalid
from bottega.serving.refusals import refusal_of
from bottega.shop.open_shop import OpenShop

__all__ = ["TOOLS", "Tool"]

LIST = 6
"""Products of a list where an agent does not say how many."""
_WHOLE = {"return_product": True}
"""An agent has no page to look a product up on: each comes with its listing."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One verb as an agent sees it."""

    name: str
    verb_name: str
    title: str
    """As people see it."""
    about: str
    """As an agent reads it: what comes, and when to call it."""
    fields: tuple[str, ...]
    """Of the request; no other can be given."""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    usual: Mapping[str, Any] = field(default_factory=dict)
    """What a field is where it is not given, other than for everybody."""

    @property
    def verb(self) -> Verb:
        """The line of the list of verbs."""
        return verb(self.verb_name)

    def takes(self) -> dict[str, Any]:
        """JSON Schema of the arguments: a copy."""
        schema = _plain(self.verb.takes.model_json_schema())
        known = schema["properties"]
        schema["properties"] = {name: {**known[name], **self._usual(name)} for name in self.fields}
        schema["required"] = [name for name in schema.get("required", ()) if name in self.fields]
        return _with_used_definitions(schema)

    def gives(self) -> dict[str, Any]:
        """JSON Schema of the answer: a copy. Names of the version before are left out."""
        return _with_used_definitions(_plain(self.verb.gives.model_json_schema()))

    def call(self, shop: OpenShop, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """What the verb answers, as JSON has it. Raises `RequestInvalid`, and what the verb raises."""
        if unknown := next((name for name in arguments if name not in self.fields), None):
            raise RequestInvalid(
                f"{self.name} takes no {unknown!r}.",
                allowed=f"Its fields are {', '.join(self.fields)}.",
                next_step="Leave it out, or call the tool that takes it.",
            )
        try:
            request = self.verb.takes.model_validate({**self.usual, **arguments, **self.fixed})
        except ValidationError as error:
            raise refusal_of(error, f"Correct it as the schema of {self.name} says, and call again.") from error
        answer = self.verb.run(shop, request)
        said: dict[str, Any] = answer.model_dump(mode="json", exclude_computed_fields=True)
        return said

    def _usual(self, name: str) -> dict[str, Any]:
        return {"default": self.usual[name]} if name in self.usual else {}


TOOLS: tuple[Tool, ...] = (
    Tool(
        "search_products",
        "search",
        "Search",
        "Find products by words, as a shopper says them: kind, colour, size, price, brand and what it must not be, in "
        "English, German, French, Spanish or Italian ('red dress under 80, not polyester'). The first `close_from` "
        "items are all that was asked for; those behind only come near it, so say which. With `product_id`, products "
        "like that one but for the words ('in blue', 'cheaper'). Every item has its listing, price in minor units "
        "(cents) and stock.",
        ("text", "product_id", "filter", "sort", "after", "n", "facets", "exclude_ids"),
        _WHOLE,
        {"n": LIST},
    ),
    Tool(
        "browse_catalogue",
        "browse",
        "Browse",
        "What the shop sells, category by category: the categories inside the one that is named with their counts, and "
        "a page of its products, each with its variants. Begin with an empty category.",
        ("category", "n", "after"),
        usual={"n": LIST},
    ),
    Tool(
        "complete_words",
        "complete",
        "Words and names",
        "Categories, brands, products and past searches that begin with these letters, forgiving slips: the exact name "
        "to filter by.",
        ("text", "n"),
    ),
    Tool(
        "product_details",
        "variants",
        "Product",
        "Whole listings by id: every variant with attributes, price and stock of this moment. Ids that nothing visible "
        "has are left out.",
        ("product_ids",),
    ),
    Tool(
        "ask_about_product",
        "ask",
        "Question",
        "Answer one question about products (material, care, size, colour, price, stock) from what their listings say, "
        "with the place that says so; without products, about delivery, returns and payment from the shop's own rules. "
        "`known` is false where nothing says it: then tell that, and guess nothing.",
        ("product_ids", "question", "language"),
    ),
    Tool(
        "compare_products",
        "compare",
        "Compare",
        "Two to eight products side by side, attribute by attribute, those that differ first. null: the listing does "
        "not say.",
        ("product_ids",),
    ),
    Tool(
        "product_reviews",
        "reviews",
        "Reviews",
        "What buyers say of a product: stars, and of size, quality, colour, comfort, delivery and price how many of "
        "how many say what, quoted. No reviews: an empty list.",
        ("product_id", "n", "language"),
    ),
    Tool(
        "similar_products",
        "similar",
        "Similar",
        "Products like one product, never itself: by what they are, by how they look, or by who bought both.",
        ("product_id", "by", "n", "filter", "exclude_ids"),
        _WHOLE,
        {"n": LIST},
    ),
    Tool(
        "recommend_products",
        "recommend",
        "Recommend",
        "Products for one shopper or one place, with the reason for each: `home` from the shopper's history (what is "
        "popular where none is known), `product` and `cart` beside the products named, `category` within the filter's "
        "category. Never what was just bought for good.",
        ("placement", "shopper", "product_ids", "n", "filter", "exclude_ids"),
        _WHOLE,
        {"n": LIST},
    ),
    Tool(
        "complete_outfit",
        "outfit",
        "Outfit",
        "What goes with a garment, slot by slot (top, bottom, shoes, bag, ...), each suggestion with its reasons.",
        ("product_id", "slots", "n", "filter", "exclude_ids"),
        _WHOLE,
    ),
)


def _plain(schema: Any) -> Any:
    """A schema without the titles that only repeat a field's name, and without old names."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for name, value in schema.items():
        if name in ("properties", "$defs"):
            kept[name] = {key: _plain(one) for key, one in value.items()}
        elif name not in ("title", "deprecated"):
            kept[name] = _plain(value)
    return kept


def _with_used_definitions(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with those of its definitions that something in it names."""
    every: dict[str, Any] = schema.pop("$defs", {})
    used: dict[str, Any] = {}
    waiting = _named(schema)
    while waiting:
        name = waiting.pop()
        if name not in used:
            used[name] = every[name]
            waiting |= _named(every[name])
    return schema | ({"$defs": {name: used[name] for name in sorted(used)}} if used else {})


def _named(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return {name for one in schema for name in _named(one)}
    if not isinstance(schema, dict):
        return set()
    own = {schema["$ref"].rpartition("/")[2]} if isinstance(schema.get("$ref"), str) else set()
    return own | {name for one in schema.values() for name in _named(one)}
