"""What a phrase of a query may mean in a shop: its values and words, each with how surely.

Idea     A value of just this name says it most surely, then what the lists say is meant, then what is a kind of that,
         then words of titles. What is broader, or another kind of the same, is near, but not meant.
Shapes   Weights lie between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from bottega.languages.lexicon import lexicon
from bottega.languages.synonyms import Synonyms
from bottega.models.search.learnt import PRODUCT, LearntMeanings
from bottega.models.search.listing import BRAND, CATEGORY
from bottega.models.search.unit import Term, Unit
from bottega.models.search.vocabulary import Phrase, Vocabulary

__all__ = ["DESCRIBED", "MEANT", "NAME", "Meanings"]

NAME, MEANT, KIND_OF = 1.0, 0.95, 0.85
"""A value of just this name; one that the lists say is meant; one that is a kind of what is meant."""
SYNONYM = 0.97
"""What a merchant's synonym counts beside the word itself."""
HEAD, PART = 0.75, 0.5
"""A value with the word in its name: as the thing, as what it is like."""
OF_BRAND = 0.6
MISSING = 0.6
"""What is broader than what is meant, where the shop has nothing of that."""
BROADER, BESIDE, BESIDE_MISSING = 0.45, 0.3, 0.4
"""What is broader; what is another kind of the same; that where nothing is meant by itself."""
WORD, WORD_TOO = 0.9, 0.6
"""A word of a title; that where there are values of the name, which say it more surely."""
FORM = 0.95
"""What another form of a word counts beside the word itself."""
WORD_MEANT, WORD_KIND_OF = 0.6, 0.5
DOING = 0.6
"""A verb's form beside the thing of that stem: "sharpened" beside "sharpener"."""
MENTIONED = 0.55
"""What a thing that a title only mentions counts beside one that it is about."""
DESCRIBED, SEEN = 0.35, 0.4
"""A word of a description; one read off a photo."""
CALLED_TO_MIND = 0.6
"""A kind of thing that an occasion or a season calls to mind."""
LOOSE = 0.5
"""What the single words of a phrase count where there is no value of its name."""
FOREIGN = 0.5
"""A value of this name in the shop's language, where the query's language means another thing by it."""


MOODS = ("occasion.", "season.", "quality.", "purpose.")
GIFT = "occasion.gift"
"""Who asks for a gift asks for what it calls to mind."""


@dataclass(frozen=True)
class Meanings:
    """For a shop with this vocabulary; `described`: how many descriptions hold a word; `languages` of the
    query, the likeliest first; `sentence`: whether it is prose."""

    shop: Vocabulary
    described: Callable[[str], int]
    languages: tuple[str, ...]
    sentence: bool = False
    synonyms: Synonyms = field(default_factory=Synonyms)
    measures: Mapping[Phrase, str] = field(default_factory=dict)
    """Words that are a measure of the shop together."""
    learnt: LearntMeanings = field(default_factory=LearntMeanings)

    def meant(self, phrase: Phrase, weight: float) -> Unit:
        """What a phrase may mean in this shop, or by the merchant's synonyms for it; what means nothing by either, by
        what shoppers went on to after it."""
        unit = self._meant(phrase, weight)
        for other in self.synonyms.of_phrase(phrase, self.shop.languages):
            same = self._meant(other, weight)
            for term, worth in same.terms.items():
                unit.put(term, SYNONYM * worth)
            for term, worth in same.near.items():
                unit.put_near(term, SYNONYM * worth)
            unit.kind |= same.kind
            unit.purpose |= same.purpose
        if not unit.terms and not unit.near:
            self._by_shoppers(unit)
        return unit

    def _by_shoppers(self, unit: Unit) -> None:
        shop = self.shop
        for one in self.learnt.meanings.get(unit.phrase, ()):
            unit.learnt = True
            if one.field == PRODUCT:
                unit.put(Term("own", " ".join(one.name)), one.worth)
                continue
            for value in shop.named(one.name, shop.languages):
                if shop.value_of(value).field == one.field:
                    unit.put(Term("value", value), one.worth)
                    unit.kind |= one.field == CATEGORY

    def _meant(self, phrase: Phrase, weight: float) -> Unit:
        shop, unit = self.shop, Unit(phrase, weight)
        own = shop.named(phrase, shop.languages)
        for value in own:
            unit.put(Term("value", value), NAME)
        unit.kind = any(shop.value_of(value).field == CATEGORY for value in own)
        foreign = bool(own) and self._means_another_thing(phrase)
        spoken = self.languages[:1] if foreign else self.languages
        concepts = list(dict.fromkeys(meaning.concept for meaning in lexicon().means(phrase, spoken)))
        unit.kind |= any(concept.startswith("kind.") for concept in concepts)
        in_title = WORD_TOO if own else WORD
        aside = MENTIONED if unit.kind and not (shop.has_categories or self.sentence) else 1.0
        measure = self.measures.get(phrase, "")
        if measure:
            unit.put(Term("word", measure), WORD)
            unit.put(Term("bare", measure), WORD)
        elif len(phrase) == 1:
            self._by_word(unit, phrase[0], aside * in_title)
        else:
            beside, whole = ("said", LOOSE) if concepts and not own else ("phrase", 1.0)
            unit.put(Term("phrase", phrase), whole * aside * in_title)
            unit.put(Term("bare_phrase", phrase), whole * WORD)
            unit.put(Term(beside, phrase), aside * in_title)
            unit.put(Term("said_bare", phrase), WORD)
        if foreign:
            unit.terms = {term: FOREIGN * worth for term, worth in unit.terms.items()}
        unit.mood = bool(concepts) and not own and all(concept.startswith(MOODS) for concept in concepts)
        for concept in concepts:
            self._by_concept(unit, concept)
            self._for_whom(unit, concept)
            unit.purpose |= (concept.startswith("purpose.") or concept == GIFT) and bool(unit.terms)
        if unit.kind:
            self._other_values(unit)
        if len(phrase) > 1 and not own:
            # then its single words are but near: "extra large"
            known = bool(measure) or any(term.space == "value" for term in unit.terms)
            for word in phrase:
                for term, worth in self._meant((word,), 1.0).terms.items():
                    (unit.put_near if known else unit.put)(term, LOOSE * worth)
        return unit

    def _other_values(self, unit: Unit) -> None:
        """Where the shop has the thing, values of the word that are no things say less: "light roast" is no light."""
        shop = self.shop
        values = {term: shop.value_of(term.key) for term in unit.terms if term.space == "value"}  # type: ignore[arg-type]
        things = {term for term in values if shop.may_mean(term.key, "kind.")}  # type: ignore[arg-type]
        if any(unit.terms[term] >= KIND_OF for term in things):
            for term in values.keys() - things:
                unit.terms[term] = min(unit.terms[term], PART)

    def _means_another_thing(self, phrase: Phrase) -> bool:
        """Whether it is the name of one thing in the shop's language and of another in the query's ("robe")."""
        if self.languages[0] in self.shop.languages:
            return False
        there, here = (
            {meaning.concept for meaning in lexicon().means(phrase, spoken)}
            for spoken in (self.languages[:1], self.shop.languages)
        )
        return bool(there) and bool(here) and here.isdisjoint(there)

    def _by_word(self, unit: Unit, word: str, in_title: float) -> None:
        shop = self.shop
        for value in shop.holding(word, shop.languages):
            if shop.value_of(value).field == BRAND:
                unit.put(Term("value", value), OF_BRAND)
            else:
                is_head = shop.head(value) in shop.forms(word, shop.languages)
                unit.put(Term("value", value), HEAD if is_head else PART)
        for form in shop.forms(word, shop.languages):
            worth = 1.0 if form == word else FORM
            for space, share in (("word", in_title), ("bare", WORD), ("described", DESCRIBED), ("seen", SEEN)):
                unit.put(Term(space, form), share * worth)
        if self.described(word):
            unit.put(Term("described", word), DESCRIBED)

    def _for_whom(self, unit: Unit, concept: str) -> None:
        """What the fields say that say it of these people: what is for everybody is for them, what is for others is
        not."""
        if not concept.startswith("people."):
            return
        shop, fits = self.shop, _fitting(concept)
        values = {term.key for term, worth in unit.terms.items() if term.space == "value" and worth >= KIND_OF}
        for name in dict.fromkeys(shop.value_of(value).field for value in values if isinstance(value, int)):
            unit.people += shop.of_field(name)
            for value in shop.of_field(name):
                people = self._people(value)
                if people and value not in values:
                    if fits.isdisjoint(people):
                        unit.against.append(value)
                    else:
                        unit.put(Term("value", value), KIND_OF)

    def _people(self, value: int) -> set[str]:
        """Whom a value of the shop means."""
        found: set[str] | None = self.shop.said.get(key := f"people of {value}")
        if found is None:
            meant = lexicon().means(self.shop.value_of(value).name, self.shop.languages)
            found = {meaning.concept for meaning in meant if meaning.concept.startswith("people.")}
            self.shop.said[key] = found
        return found

    def _by_concept(self, unit: Unit, concept: str) -> None:
        known = self.shop.said.get(concept)
        if known is None:
            known = self.shop.said[concept] = self._of_concept(concept)
        for term, worth in known.terms.items():
            unit.put(term, worth)
        for term, worth in known.near.items():
            unit.put_near(term, worth)

    def _of_concept(self, concept: str) -> Unit:
        """What a concept may mean in this shop, whatever the query."""
        unit = Unit(())
        found = False
        for term, worth in self._said(concept):
            found |= term.space == "value"
            unit.put(term, worth * (MEANT if term.space == "value" else WORD_MEANT))
        for kind in lexicon().under(concept):
            for term, worth in self._said(kind):
                if term.space == "value":
                    found = True
                    unit.put(term, worth * KIND_OF)
                elif not self.shop.has_categories:  # which would say it if it were one
                    unit.put(term, worth * WORD_KIND_OF)
        for called in () if found else lexicon().calls_to_mind.get(concept, ()):
            for kind in (called, *(lexicon().under(called) if concept.startswith("purpose.") else ())):
                for term, worth in self._said(kind):
                    unit.put(term, worth * CALLED_TO_MIND)
        broader = lexicon().broader.get(concept)
        if broader is None:
            return unit
        for term, worth in self._said(broader):
            if term.space == "value":
                unit.put_near(term, worth * (BROADER if found else MISSING))
            elif not self.shop.has_categories:
                unit.put_near(term, worth * BROADER * WORD_MEANT)
        for other in lexicon().narrower[broader] if concept.startswith("kind.") else ():
            for term, worth in self._said(other) if other != concept else ():
                if term.space == "value":
                    unit.put_near(term, worth * (BESIDE if found else BESIDE_MISSING))
        return unit

    def _said(self, concept: str) -> Iterator[tuple[Term, float]]:
        """Values and title words by which the shop says a concept, in its own languages or in any."""
        shop = self.shop
        for language, phrases in lexicon().words[concept].items():
            spoken = language in shop.languages
            for phrase in phrases:
                for value in shop.named(phrase, (language,)):
                    if shop.may_mean(value, concept) and (spoken or not self._means(shop.value_of(value).name)):
                        yield Term("value", value), 1.0
                if not spoken:
                    continue
                aside = MENTIONED if concept.startswith("kind.") and not shop.has_categories else 1.0
                if len(phrase) > 1:
                    yield Term("said", phrase), aside
                    yield Term("said_bare", phrase), 1.0
                    continue
                for value in shop.holding(phrase[0], (language,)):
                    if shop.may_mean(value, concept) and self._is_about(value, phrase[0], language):
                        yield Term("value", value), 0.8
                    elif not concept.startswith("kind.") and shop.may_mean(value, concept):
                        yield Term("value", value), PART
                for form in shop.forms(phrase[0], (language,)):
                    if form != phrase[0] and _is_another_thing(form, concept, language):
                        continue
                    alike = 1.0 if aside == 1.0 or _is_thing(form, phrase[0]) else DOING
                    yield Term("word", form), aside * alike
                    yield Term("bare", form), alike

    def _means(self, name: Phrase) -> bool:
        return bool(lexicon().means(name, self.shop.languages))

    def _is_about(self, value: int, word: str, language: str) -> bool:
        """Whether a word is the thing in a value's name, of which the lists know nothing as a whole."""
        shop = self.shop
        name = shop.value_of(value).name
        if len(name) < 2 or shop.value_of(value).field == BRAND or self._means(name):
            return False
        return shop.head(value) in shop.forms(word, (language,))


def _is_thing(form: str, word: str) -> bool:
    """Whether a form of a thing's name is one too."""
    return not any(form.endswith(ending) and not word.endswith(ending) for ending in ("ed", "ing", "able"))


def _is_another_thing(form: str, concept: str, language: str) -> bool:
    """Whether the lists know a word of a thing's stem as other things: "staples" beside "stapler"."""
    if not concept.startswith("kind."):
        return False
    meant = {meaning.concept for meaning in lexicon().means((form,), (language,))}
    return bool(meant) and concept not in meant


@cache
def _fitting(people: str) -> frozenset[str]:
    """Whose things these people may wear: their own, those of a part of them and of the whole, and everybody's."""
    broader = lexicon().broader.get(people)
    grown = {"people.men", "people.women", "people.adult"}
    more = grown if people == "people.adult" else {"people.adult"} if people in grown else set()
    return frozenset({people, "people.unisex", *lexicon().under(people), *more, *([broader] if broader else ())})
