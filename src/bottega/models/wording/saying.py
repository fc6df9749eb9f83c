"""Facts as words of a language: the form that a slot asks for, or nothing where the language has none.

Idea     A value is written by the language's word for exactly that concept. Where there is none it is repeated as the
         merchant wrote it, and only behind the label of its key: never translated by what comes near.
         A value that could be read as another key's carries its own: "steel-coloured", "in a steel colour".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from bottega.languages.fold import tokens
from bottega.languages.kinship import upwards
from bottega.languages.writing import POINT_BEFORE_TENTHS, Writing, WrittenWord, concepts_named, writing
from bottega.models.wording.facts import Fact, FactSheet, FactSource
from bottega.models.wording.review_facts import REVIEW_KEY, count_in
from bottega.models.wording.review_words import phrase_of

__all__ = ["Saying", "SlotText"]

KIND_SURE = 0.8
"""How sure the thing must be before it is named in another language than the listing's."""
_PACKED = re.compile(r"\b(?:pack|box|case|set|count|packung|paquete|confezione)", re.IGNORECASE)
"""What is stated of several together."""
SAME_LEAST = 5
"""Letters of a word that the word for the thing may hold: "die Freizeit", "Freizeitschuhe"."""
LISTED_MOST = 3
"""Values of one key side by side."""
_AS_WRITTEN = frozenset({"brand", "front", "line", "title", "size", "dimensions", "part_number", "stated", "feature"})
"""Keys whose values stand in a sentence as the merchant wrote them, in any language."""
_QUOTED = frozenset({"brand", "front", "line", "title", "name", "part_number", "stated", "feature", "model", "price"})
"""Keys whose values are repeated letter by letter."""
_NUMBER = re.compile(r"\d[\d.,]*(?<![.,])")
_UNIT = re.compile(r"(?<![\w.,/])((?:\d+[-\s])?\d[\d.,/]*)[\s-]*([^\W\d]{2,10})\b")
_SIZED = frozenset({"stated", "dimensions", "size", "length", "width", "height", "depth", "weight", "capacity"})
_SIDE = r"\d[\d.,]*(?:[ -]\d+/\d+)?(?:\s?[^\W\d]{1,8}\.?|\s?[\"″”°%'])?"
_MEASURE = re.compile(rf"{_SIDE}(?:\s?[x×]\s?{_SIDE}){{0,2}}", re.IGNORECASE)
"""Numbers with their measures, and nothing else."""
_CARRIED = frozenset({"colour", "motif"})
SMELT = frozenset({"kind.beauty", "kind.food", "kind.candle", "kind.diffuser", "kind.soap", "kind.plant"})
"""Things on which a colour's name may be a scent or a taste."""
_UNCOLOURED = frozenset(
    {
        "kind.perfume", "kind.fragrance", "kind.eau_de_toilette", "kind.deodorant", "kind.food", "kind.shampoo",
        "kind.conditioner", "kind.body_lotion", "kind.body_wash", "kind.hand_wash", "kind.face_wash", "kind.mouthwash",
        "kind.toothpaste", "kind.shaving_cream", "kind.face_cream", "kind.hand_cream", "kind.sunscreen",
        "kind.vitamins", "kind.seeds",
    }
)  # fmt: skip
"""Things that nobody calls by a colour: what a listing gives is that of the bottle, or of the box. It stands behind its
label, and no text speaks of a "perfume in white"."""
_SIZE = re.compile(r"[X\d]{0,3}[SMLX]|\d+(?:[.,/]\d+)?(?:[ -]\d+/\d)?|[A-Z]{0,2}[ -]?\d+(?:[.,]\d)?", re.IGNORECASE)
"""What can stand behind the word "size"."""
_OTHER_SPACES = frozenset({"material", "kind", "pattern", "people", "season", "occasion"})


@dataclass(frozen=True, slots=True)
class SlotText:
    """A slot, rendered."""

    text: str
    facts: tuple[Fact, ...]


class Saying:
    """The facts of one product in one language; `given` are texts that are no facts (who is written to)."""

    def __init__(self, sheet: FactSheet, code: str, given: Mapping[str, str] | None = None) -> None:
        self.sheet = sheet
        self.language = writing(code)
        self.given = given or {}
        self.thing, self.thing_class = self._thing()
        self._said: dict[tuple[str, str], SlotText | None] = {}
        self._uncoloured = any(_UNCOLOURED & set(upwards(fact.concept)) for fact in sheet.of("kind") if fact.concept)
        self._smelt = bool(sheet.of("scent") or sheet.of("flavour")) or any(
            SMELT & set(upwards(fact.concept)) for fact in sheet.of("kind") if fact.concept
        )

    @property
    def plural(self) -> bool:
        """Whether the thing is one of several pieces, as trousers are in English."""
        return self.thing_class in self.language.plural

    def slot(self, key: str, form: str) -> SlotText | None:
        """What stands in a slot; None where nothing can."""
        place = key, form
        if place not in self._said:
            self._said[place] = self._slot(key, form)
        return self._said[place]

    def labelled(self, fact: Fact) -> tuple[str, str]:
        """A fact as the label of its key and its value."""
        label = self.language.labels.get(fact.key)
        if label is None:
            label = fact.place.replace("_", " ").strip() or fact.key.replace("_", " ")
            label = label[:1].upper() + label[1:]
            if self.sheet.language != self.language.code:
                label = self.language.quotes.replace("{}", label)
        if fact.key == "count":
            return label, self._count(fact)
        if fact.key == "price":
            return label, self._price(fact)
        word = self._word(fact)
        own = self.sheet.language == self.language.code
        if word is None or (own and fact.key not in ("people", "season", "occasion")):
            return label, self._kept(fact)
        return label, word

    def _kept(self, fact: Fact) -> str:
        """As the merchant wrote it, but for the signs in numbers: "8.5 x 11 in" is "8,5 x 11 in" to Germans."""
        whole = self._measured(fact)
        if fact.key in _QUOTED or not _MEASURE.fullmatch(whole):
            return whole
        point = self.sheet.language in POINT_BEFORE_TENTHS
        if point == (self.language.code in POINT_BEFORE_TENTHS):
            return whole
        if not point:
            return _NUMBER.sub(lambda found: found[0].replace(".", "").replace(",", "."), whole)
        return _NUMBER.sub(lambda found: found[0].replace(",", "").replace(".", ","), whole)

    def _measured(self, fact: Fact) -> str:
        """A value with this language's word for its measure: "100 Sheets" are "100 Blatt"."""
        if fact.key not in _SIZED or self.sheet.language == self.language.code:
            return fact.whole
        return _UNIT.sub(self._measure, fact.whole)

    def _measure(self, found: re.Match[str]) -> str:
        """A number with the word for its measure, of one or of several."""
        ways = self.language.measures.get(found[2].casefold(), "").split("/")
        return f"{found[1]} {ways[0 if found[1] == '1' else -1]}" if ways[0] else found[0]

    def _detail(self, fact: Fact) -> str:
        """A piece of a title: in this language's words where it is exactly one thing, else as the merchant wrote it."""
        word = self._word(fact) if self.sheet.language != self.language.code else None
        return word or self._measured(fact)

    def told_by(self, span: tuple[int, int] | None) -> tuple[Fact, ...]:
        """The facts that these letters of the title say; in another language than its own only the names."""
        if span is None:
            return ()
        own = self.sheet.language == self.language.code
        return tuple(
            fact
            for fact in self.sheet.claimed
            if fact.source is FactSource.TITLE and fact.at is not None and fact.key not in ("title", "name")
            if span[0] <= fact.at[0] and fact.at[1] <= span[1] and (own or fact.key in _QUOTED)
        )

    def of_number(self, key: str) -> str:
        """The plural category of the number in a slot."""
        facts = self.sheet.of(key)
        digits = "".join(letter for letter in facts[0].value if letter.isdigit()) if facts else "0"
        return str(_locale(self.language.code).plural_form(int(digits or 0)))

    def _thing(self) -> tuple[str, str]:
        """The word for the thing and its class; both empty where it cannot be named."""
        for fact in self.sheet.of("kind"):
            word = self.language.words.get(fact.concept)
            if word is None or not word.noun_class or not self._may_name(fact):
                continue
            if self._is_several(fact) and word.noun_class not in self.language.plural:
                several = self.language.several(word)
                return (several, min(self.language.plural)) if several and len(self.language.plural) == 1 else ("", "")
            return word.forms[""][0], word.noun_class
        return "", ""

    def _is_several(self, fact: Fact) -> bool:
        """Whether the title names more than one of it, or a pack of it."""
        own = writing(self.sheet.language)
        word = own.words.get(fact.concept)
        if word is None or word.noun_class in own.plural:
            return False  # jeans are several in any case
        if word.noun_class not in own.like and any(
            one.value.isdigit() and int(one.value) > 1 for one in self.sheet.of("count")
        ):
            return True
        if word.noun_class not in own.like and any(_PACKED.search(one.value) for one in self.sheet.of("stated")):
            return True
        return fact.source is FactSource.TITLE and fact.value.casefold() == (own.several(word) or "").casefold()

    def _may_name(self, fact: Fact) -> bool:
        return fact.confidence >= KIND_SURE or self.sheet.language == self.language.code

    def _slot(self, key: str, form: str) -> SlotText | None:
        if key in self.given:
            return SlotText(self.given[key], ())
        if key == "front":
            return self._front()
        if key == "title":
            facts = self.sheet.of("name") or self.sheet.of("title")
            return SlotText(facts[0].value, (facts[0], *self.told_by(facts[0].at))) if facts else None
        facts = self.sheet.of(key)
        if not facts:
            return None
        if key == "colour" and self._uncoloured:
            return None
        if key == REVIEW_KEY:
            counted = count_in(facts[0])
            said = phrase_of(form, counted.aspect, counted.side, counted.count, counted.of, self.language.code)
            return SlotText(said, facts[:1]) if said else None
        if form in ("own", "low"):
            return self._as_merchant(facts, form)
        if key == "kind":
            return SlotText(self.thing, facts[:1]) if self.thing else None
        if key == "count":
            return SlotText(self._count(facts[0]), facts[:1])
        if key == "price":
            return SlotText(self._price(facts[0]), facts[:1])
        if key in ("feature", "stated"):
            return SlotText(", ".join(map(self._detail, facts)), facts)
        if key == "size" and not _SIZE.fullmatch(facts[0].value):
            return None
        if key in _AS_WRITTEN:
            return SlotText(self._kept(facts[0]), facts[:1]) if len(facts) == 1 else None
        return self._worded(facts, form)

    def _as_merchant(self, facts: tuple[Fact, ...], form: str) -> SlotText | None:
        """A value as the merchant has it, in their own language alone; `low`: without capitals, where they are no more
        than that of a first letter: "Round", and no "XL"."""
        value = facts[0].whole
        if len(facts) > 1 or self.sheet.language != self.language.code:
            return None
        if form == "own":
            return SlotText(value, facts)
        plain = value.casefold()
        return SlotText(plain, facts) if value in (plain.capitalize(), plain.title()) else None

    def _front(self) -> SlotText | None:
        """Brand and names as the merchant has them, side by side."""
        brand, name, line = self.sheet.of("brand"), self.sheet.of("front"), self.sheet.of("line")
        if name and brand and set(tokens(brand[0].value)) <= set(tokens(name[0].value)):
            brand = ()
        if self.sheet.language != self.language.code and any(fact.confidence < KIND_SURE for fact in name):
            name = ()
        facts = (*(brand if not name else ()), *name, *line)
        return SlotText(" ".join(fact.value for fact in facts), facts) if facts else None

    def _worded(self, facts: tuple[Fact, ...], form: str) -> SlotText | None:
        if len(facts) > LISTED_MOST:
            return None
        several = len(facts) > 1
        if several and form in ("adj", "pred") and not self.language.plain_adjectives:
            return None
        if several and form == "" and facts[0].key in _CARRIED and any(self._is_twin(fact) for fact in facts):
            words = [self._form(fact, "named") for fact in facts]
            pattern = self.language.carry.get(f"in.{facts[0].key}s", "")
            if not pattern or any(word is None for word in words):
                return None
            listed = _listed(tuple(word for word in words if word), self.language.code)
            return SlotText(pattern.replace("{}", listed), facts)
        words = [self._form(fact, form) for fact in facts]
        if any(word is None or self._in_kind(word) for word in words):
            return None
        return SlotText(_listed(tuple(word for word in words if word), self.language.code), facts)

    def _is_twin(self, fact: Fact) -> bool:
        word = self.language.words.get(fact.concept)
        smells = word is not None and self._smelt and _smells(fact, word, self.language)
        return smells or is_twin(fact, self.language)

    def _in_kind(self, word: str) -> bool:
        """Whether the word for the thing says it already: "sports shoes" are for sports."""
        kind = self.slot("kind", "")
        last = word.casefold().split()[-1]
        said = kind.text.casefold() if kind is not None else ""
        return bool(said) and (word.casefold() in said or (len(last) >= SAME_LEAST and last in said))

    def _form(self, fact: Fact, form: str) -> str | None:
        """One value in a form; None where the language has none, or where another key could be meant."""
        word = self.language.words.get(fact.concept) if fact.concept else None
        if word is None:
            return None
        plain = word.forms[""][0].removesuffix("!")
        if form == "named":
            return plain
        if self._smelt and fact.key == "pattern":
            return None  # a "floral candle" smells so
        twin = self._is_twin(fact)
        if twin and fact.key in _CARRIED:
            return self._carried(fact, word, plain, form)
        if twin and fact.key == "material" and self.language.bare:
            return None  # "en cuivre" is a colour, too
        if form in ("adj", "pred"):
            ways = word.forms.get("adj") or (word.forms[""] if self.language.plain_adjectives else ())
            if not ways or (twin and fact.key == "material") or (fact.key == "occasion" and self._has_occasion()):
                return None
            if len(ways) > 1:
                return self._by_class(ways)
            return ways[0].removesuffix("!") if form == "pred" else self._agreeing(ways[0])
        if form == "pre" and " " in self.thing:
            return None
        ways = word.forms.get(form) or (word.forms[""] if form in ("", "of") else ())
        return ways[0].removesuffix("!") if ways else None

    def _has_occasion(self) -> bool:
        """Whether the word for the thing names an occasion of its own: "formal shoes" are not called casual."""
        words = (word for name, word in self.language.words.items() if name.startswith("occasion."))
        named = (way for word in words for way in (*word.forms.get("adj", ()), word.forms[""][0]))
        said = self.thing.casefold().split()
        return any(way.casefold() in said for way in named)

    def _carried(self, fact: Fact, word: WrittenWord, plain: str, form: str) -> str | None:
        """With the word for its key: "steel-coloured", "in a steel colour"."""
        if form not in ("adj", "pred"):
            return self.language.carry.get(f"in.{fact.key}", "{}").replace("{}", plain)
        pattern = self.language.carry[fact.key]
        own = word.forms.get("adj", ())
        carried = (
            own[0] if len(own) == 1 and pattern.strip("{}- ") in own[0] else pattern.replace("{}", plain.casefold())
        )
        return carried.removesuffix("!") if form == "pred" else self._agreeing(carried)

    def _agreeing(self, adjective: str) -> str | None:
        """With the ending that it takes beside the thing."""
        if adjective.endswith("!"):
            return adjective[:-1]
        if not self.language.endings:
            return adjective
        if not self.thing_class:
            return None
        ending = self.language.endings[self._place()]
        return adjective + ending

    def _by_class(self, ways: Sequence[str]) -> str | None:
        if not self.thing_class:
            return None
        place = self._place()
        return ways[place] if len(ways) > place else ways[1 if self.plural else 0]

    def _place(self) -> int:
        return self.language.place(self.thing_class)

    def choose(self, ways: Sequence[str]) -> str:
        """Of spellings by class the one that goes with the thing."""
        if len(ways) == 2:
            return ways[1 if self.plural else 0]
        return ways[self._place()]

    def _word(self, fact: Fact) -> str | None:
        word = self.language.words.get(fact.concept) if fact.concept else None
        return None if word is None else word.forms[""][0].removesuffix("!")

    def _count(self, fact: Fact) -> str:
        word = self.language.words[f"unit.{fact.unit or 'count'}"]
        category = self.of_number("count")
        pattern = word.forms.get(category) or word.forms.get("other") or word.forms[""]
        digits = fact.value.replace(",", "").replace(".", "")
        number = format_decimal(int(digits), locale=self.language.code) if digits.isdigit() else fact.value
        return pattern[0].replace("{}", number)

    def _price(self, fact: Fact) -> str:
        return format_currency(Decimal(fact.value), fact.unit, locale=self.language.code)


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)


@lru_cache(5_000)
def _listed(words: tuple[str, ...], code: str) -> str:
    return words[0] if len(words) == 1 else format_list(list(words), locale=code)


def is_twin(fact: Fact, language: Writing) -> bool:
    """Whether a value could be read as another key's: "steel" as a colour, "rose" as a flower."""
    word = language.words.get(fact.concept)
    said = {fact.value.casefold()}
    if word is not None:
        said.add(word.forms[""][0].casefold().removesuffix("!"))
    return any(_names_another(text, fact.key, language.code) for text in said)


def _smells(fact: Fact, word: WrittenWord, language: Writing) -> bool:
    said = {fact.value.casefold(), word.forms[""][0].casefold()}
    return fact.key == "colour" and bool(said & (language.smells | writing("en").smells))


@lru_cache(20_000)
def _names_another(text: str, key: str, code: str) -> bool:
    if text in writing(code).twins or text in writing("en").twins:
        return True
    phrase = tuple(tokens(text))
    named = (*concepts_named(phrase, code), *concepts_named(phrase, "en"))
    return any(one.split(".")[0] in _OTHER_SPACES - {key} for one in named)
