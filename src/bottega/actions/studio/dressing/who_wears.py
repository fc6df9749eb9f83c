"""Who wears it: for whom a product is, by its own words, and which fashion model shows it.

Idea     Attributes and words name women, men, girls, boys, children. A model of that gender and age is chosen among
         those that may be, by the product's id: the same one each time, over a catalogue all of them, so that bodies
         and skins vary. What is for everybody is worn by anybody who is grown up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid
from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.models.studio.bodies.fashion_models import FashionModel, model_named, on_call

__all__ = ["ForWhom", "for_whom", "models_asked", "suited"]

_FEMALE, _MALE, _CHILD = "people.women people.girls", "people.men people.boys", "people.girls people.boys people.kids"
_BABY = "people.baby"
_SAID_BY = ("gender", "age_group", "age", "sex")
"""Attributes that say it, before any word of the listing."""


@dataclass(frozen=True, slots=True)
class ForWhom:
    """For whom a product is. `gender`: `female`, `male`, or "" for both."""

    gender: str = ""
    child: bool = False
    baby: bool = False

    @property
    def words(self) -> str:
        """As in "a girl"; for messages."""
        if self.child:
            return {"female": "a girl", "male": "a boy"}.get(self.gender, "a child")
        return {"female": "a woman", "male": "a man"}.get(self.gender, "somebody who is grown up")

    def is_one(self, model: FashionModel) -> bool:
        """Whether a fashion model is such a person."""
        return model.build.grown is not self.child and self.gender in ("", model.build.gender)


def for_whom(product: Product) -> ForWhom:
    """For whom a product is. Of its gender attributes tell first, then categories from the deepest, then the title; it
    is for children where any of them says so."""
    said = " ".join(value for name in _SAID_BY for value in product.attributes.get(name, ()))
    named = [_people(text) for text in (said, *reversed(product.category), product.title)]
    everybody = set[str]().union(*named)
    gender = next((found for found in map(_gender, named) if found), "")
    return ForWhom(gender, bool(everybody & set(_CHILD.split())), _BABY in everybody)


def models_asked(names: Sequence[str], own: Mapping[str, FashionModel]) -> list[FashionModel]:
    """The models of these names, or all where none is named. Raises `RequestInvalid`."""
    return [model_named(name, own) for name in dict.fromkeys(names)] if names else [*own.values(), *on_call().values()]


def suited(product: Product, models: Iterable[FashionModel]) -> FashionModel:
    """The model that shows a product. Raises `RequestInvalid` where none of them is one for it."""
    wearer = for_whom(product)
    fit = [] if wearer.baby else [model for model in models if wearer.is_one(model)]
    if not fit:
        who = "a baby" if wearer.baby else wearer.words
        raise RequestInvalid(
            f"It is for {who}, and none of the models is one.",
            allowed="A piece is shown on a body of whom it is for; there are no babies.",
            next_step="Name such a model, or none, so that all on call count.",
        )
    drawn = int.from_bytes(blake2b(product.id.encode(), digest_size=8).digest())
    return fit[drawn % len(fit)]


def _gender(people: set[str]) -> str:
    female, male = people & set(_FEMALE.split()), people & set(_MALE.split())
    return "" if bool(female) == bool(male) else "female" if female else "male"


def _people(text: str) -> set[str]:
    """Who a text names, as in people.women."""
    known, words, found = lexicon(), tokens(text), set[str]()
    for start in range(len(words)):
        for size in range(min(known.longest, len(words) - start), 0, -1):
            meant = {one.concept for one in known.means(tuple(words[start : start + size]))}
            if people := {name for name in meant if name.startswith("people.")}:
                found |= people
                break
    return found - {"people.unisex", "people.adult"}
