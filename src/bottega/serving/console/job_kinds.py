"""The kinds of jobs in a merchant's words: what each is called, what it does, what may be said with it.

A kind that is missing here is still shown, by the words of its verb; it is not offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bottega.errors import RequestInvalid
from bottega.texts import shown

__all__ = ["KINDS", "OFFERED", "JobKind", "asked_for", "named", "told"]


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of job."""

    verb: str
    title: str
    words: str
    """What it does, and what changes by it."""
    group: str = ""
    """Its heading among the jobs that may be asked for; empty: it is not asked for here."""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """What is always asked with it."""
    choices: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = ()
    """Field, label, and its values with their words; an empty value leaves the field out."""
    place: tuple[str, str, bool] | None = None
    """A page that shows what came of it: label, path, and whether it wants the job's number."""


_LEARN, _CATALOGUE, _LOOK, _SEND = "Learn", "Improve the catalogue", "Look into the shop", "Send and keep"
_QUALITY = ("Data quality", "/console/quality", False)
_SUGGESTED = ("Suggestions", "/console/suggestions", False)
_FEEDS = ("Feeds and connections", "/console/feeds", False)
_ONLY_NEW = ("only_new", "Which products", (("true", "Those that were not looked at yet"), ("false", "All of them")))
_KINDS = (
    JobKind(
        "challenge",
        "Train and compare",
        "A new model learns from what shoppers did, is compared with the one in use on the newest events, and takes "
        "its place only if it is not worse.",
        _LEARN,
        place=("Models", "/console/models", False),
    ),
    JobKind(
        "train",
        "Train the recommender",
        "A new model learns from everything and answers from then on, without a comparison.",
        _LEARN,
        place=("Models", "/console/models", False),
    ),
    JobKind(
        "evaluate",
        "Evaluate the recommenders",
        "Each kind of recommender is trained on a part of the events and asked about the rest. Nothing in the shop "
        "changes.",
        _LEARN,
        choices=(
            ("split", "Asked about", (("last", "each shopper's last product"), ("time", "everything after one day"))),
        ),
        place=("Evaluation report", "/console/models/evaluation", True),
    ),
    JobKind(
        "train_vision",
        "Train the eye",
        "What looks at photos goes on learning from your own pictures and labels.",
        _LEARN,
        place=("Models", "/console/models", False),
    ),
    JobKind(
        "train_outfits",
        "Learn what goes together",
        "Outfits learn from what your shoppers bought together.",
        _LEARN,
        place=("Models", "/console/models", False),
    ),
    JobKind(
        "learn_wording",
        "Learn which titles do better",
        "Forms of titles are compared by what shoppers opened.",
        _LEARN,
    ),
    JobKind(
        "tag_catalogue",
        "Look at the pictures",
        "Suggests values for fields that are empty, and doubts labels that the picture does not show. Nothing changes "
        "before you accept it.",
        _CATALOGUE,
        place=_SUGGESTED,
    ),
    JobKind(
        "write_texts",
        "Write titles and descriptions",
        "Suggests texts where they are missing. Nothing changes before you accept it.",
        _CATALOGUE,
        fixed={"all": True},
        choices=(("only_empty", "Which products", (("true", "Where a text is missing"), ("false", "All of them"))),),
        place=_SUGGESTED,
    ),
    JobKind(
        "rescue_catalogue",
        "Make better main photos",
        "Suggests cleaner, sharper main photos. Nothing changes before you accept it.",
        _CATALOGUE,
        choices=(_ONLY_NEW,),
        place=_SUGGESTED,
    ),
    JobKind(
        "recolour_missing",
        "Photos of missing colours",
        "Suggests a photo for each variant whose colour no photo shows.",
        _CATALOGUE,
        place=_SUGGESTED,
    ),
    JobKind(
        "dress_catalogue",
        "Pictures on models",
        "Suggests a picture on a fashion model for clothes that lie flat on their photo.",
        _CATALOGUE,
        choices=(_ONLY_NEW,),
        place=_SUGGESTED,
    ),
    JobKind("lookbook", "Make a lookbook", "Outfits that your data supports, on fashion models.", _CATALOGUE),
    JobKind(
        "check",
        "Check the shop",
        "What is wrong with the catalogue and the events, and how to mend it.",
        _LOOK,
        place=_QUALITY,
    ),
    JobKind("segments", "Group the shoppers", "Shoppers who behave alike, with what sets each group apart.", _LOOK),
    JobKind(
        "report_week",
        "Write the report of a week",
        "What sold through what, what to fix first, what shoppers asked for in vain.",
        _SEND,
        place=("Reports", "/console/reports", False),
    ),
    JobKind(
        "send_messages",
        "Write letters",
        "Writes to every shopper who is due a letter and agreed to it.",
        _SEND,
        fixed={"counts_only": True},
        choices=(
            ("dry_run", "Send them?", (("true", "No, only count who would get one"), ("false", "Yes, send them"))),
        ),
    ),
    JobKind(
        "fold_events",
        "Fold old events",
        "Events older than the shop keeps them become counts without names.",
        _SEND,
    ),
    JobKind("recommend_all", "A list for every shopper", "A file with a list for every shopper."),
    JobKind("connect", "Fetch from a platform", "What changed there since the last time.", place=_FEEDS),
    JobKind("import_catalogue", "Import products", "A file of products.", place=_FEEDS),
    JobKind("import_events", "Import events", "A file of what shoppers did.", place=_FEEDS),
    JobKind("import_shoppers", "Import shoppers", "A file of who shoppers are.", place=_FEEDS),
    JobKind("import_reviews", "Import reviews", "A file of what shoppers wrote.", place=_FEEDS),
    JobKind("customise_song", "Picture of a song", "A song as a picture on a product."),
    JobKind("restage", "Stage a video", "A product's own video, staged anew."),
)
KINDS = {kind.verb: kind for kind in _KINDS}
"""Every kind by its verb."""
OFFERED = tuple(kind for kind in _KINDS if kind.group)
"""Those that may be asked for in the console."""
_UNSAID = ("source", "out", "html", "csv")
"""Files of the server: where they lie is nobody's business."""
_SHOWN = 12
"""Things of a list that are written out."""


def named(verb: str) -> str:
    """What a kind of job is called.

    >>> named("train")
    'Train the recommender'
    >>> named("some_new_verb")
    'Some new verb'
    """
    return KINDS[verb].title if verb in KINDS else verb.replace("_", " ").capitalize()


def asked_for(verb: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a job that a form asks for. Raises `RequestInvalid` for what is not offered."""
    kind = KINDS.get(verb)
    if kind is None or not kind.group:
        raise RequestInvalid(
            f"A job was asked to do {shown(verb)}.",
            allowed=f"Here it may be: {', '.join(one.title for one in OFFERED)}.",
            next_step="Choose one of them.",
        )
    fields = dict(kind.fixed)
    for name, label, values in kind.choices:
        given = str(form.get(name, values[0][0]))
        if given not in dict(values):
            raise RequestInvalid(
                f"{label}: {shown(given)}.",
                allowed=f"It may be: {', '.join(words for _, words in values)}.",
                next_step="Choose one of them.",
            )
        if given:
            fields[name] = given
    return fields


def told(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a job was asked, or answered, as names with plain values; nothing that is empty, and no file of the server.

    >>> told({"products": 3, "left_out": {"no_price": 2}, "path": None})
    [('products', '3'), ('left out', 'no price: 2')]
    """
    found = [(name.replace("_", " "), _plain(value)) for name, value in values.items() if name not in _UNSAID]
    return [(name, text) for name, text in found if text]


def _plain(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4g}"
    if isinstance(value, Mapping):
        if isinstance(name := value.get("name"), str) and len(value) > 1:  # one of several: its name, then the rest
            return f"{name} ({_plain({one: what for one, what in value.items() if one != 'name'})})"
        parts = [f"{str(name).replace('_', ' ')}: {text}" for name, one in value.items() if (text := _plain(one))]
        return _joined(parts)
    if isinstance(value, list | tuple):
        return _joined([text for one in value if (text := _plain(one))])
    return str(value)


def _joined(parts: list[str]) -> str:
    more = f" and {len(parts) - _SHOWN:,} more" if len(parts) > _SHOWN else ""
    return "; ".join(parts[:_SHOWN]) + more
