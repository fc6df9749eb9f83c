"""What searches look in: listings by their words and photos by one eye, under the rows of the shelf.

`OpenShop` keeps it in step. Photos nobody has looked at wait, and are looked at a few dozen a search, so that a
catalogue nobody has looked at delays no single answer for long.
Shapes   V products, S photos, W words of the eye.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Collection, Mapping, Sequence
from copy import copy

import numpy as np

from bottega.catalogue.filter import Filter
from bottega.catalogue.product import Product
from bottega.datasets.words import search_words
from bottega.languages.synonyms import Synonyms
from bottega.models.search.changes import Changes, read_changes
from bottega.models.search.learnt import LearntMeanings
from bottega.models.search.query import Query
from bottega.models.search.spoken import spoken_worth
from bottega.models.search.unit import Term
from bottega.models.search.vocabulary import Phrase
from bottega.models.search.word_search import FoundListings, WordSearch
from bottega.models.vision.joint_space import JointSpace
from bottega.models.vision.parts.regions import WHOLE
from bottega.models.vision.slots import MISFIT, UNSAID, misfit
from bottega.names import BoolArray, FloatArray, IntArray, LongArray
from bottega.shop.floor import Floor
from bottega.shop.search.kind_rows import TYPE_ATTRIBUTES, KindRows
from bottega.shop.search.looking import WORDS_MAKER
from bottega.shop.search.pack import ListingRows, listing_of, local_images
from bottega.shop.search.photo_floors import PhotoFloors
from bottega.shop.search.photo_index import PhotoIndex
from bottega.shop.shelf.product_slots import code_of_product
from bottega.shop.shelf.shelf import Shelf
from bottega.shop.trained.eye_in_use import EyeInUse
from bottega.store.vectors import PhotoKey, PhotoVectors, Stamp

__all__ = ["SearchIndex"]

SEEN_FROM = 0.5
"""A word of the eye counts for a product's photo from this chance on."""
CHUNK = 10_000
"""Products read at once."""
_UNDERSTOOD_MOST = 500
_MOST_ALIKE = 200
"""Photos of which the best ones of different products are taken."""


class SearchIndex:
    """Listings and photos, as one eye sees them, from when it came to when another takes its place.

    Safe to call from several threads. Its lock is held for work in memory alone.
    """

    def __init__(self, eye: EyeInUse, photos: PhotoIndex, space: JointSpace | None, said: ListingRows) -> None:
        """`said`: what products say as of some time; the first shelf that it follows says what changed since."""
        self.eye = eye
        self.space = space
        """Words among photos; None where nobody has fitted words to this eye."""
        self.photos = photos
        self.words_stamp = Stamp(WORDS_MAKER, self.eye.version)
        self._lock = threading.RLock()
        self._shelf: Shelf | None = None
        self._said: ListingRows | None = said
        """Taken in with the first shelf."""
        self._slots = array("b")
        """`code_of_product` of each row [V]."""
        self._text = WordSearch()
        self._understood: dict[tuple[str, bool, frozenset[str], bool], Query] = {}
        """Texts read since products changed: a talk asks the same again with every line."""
        self._read: dict[PhotoKey, frozenset[str]] = {}
        """Words that the eye read off a picture."""
        self._row_of = array("l")
        """Row of each photo [S]; -1 where its product is not on the shelf."""
        self._waiting: dict[PhotoKey, None] = {}
        self._kinds: KindRows | None = None
        self._names_seen: dict[str, tuple[list[list[str]], FloatArray]] = {}
        self.floors = PhotoFloors()
        """What a photo may be of."""
        self.pruned = False
        """Whether vectors of eyes before this one were let go of."""

    @property
    def stamps(self) -> tuple[Stamp, Stamp]:
        """Whose vectors it takes."""
        return self.photos.stamp, self.words_stamp

    @property
    def waiting(self) -> int:
        """Catalogue photos nobody has looked at yet."""
        return len(self._waiting)

    @property
    def slots(self) -> IntArray:
        """Which place of an outfit each product [V] takes by its own words; negative for none."""
        return np.array(self._slots, dtype=np.int32)

    def claim(self, most: int) -> list[PhotoKey]:
        """Photos to look at now, the first that wait; nobody else gets them."""
        with self._lock:
            keys = list(self._waiting)[:most]
            for key in keys:
                del self._waiting[key]
            return keys

    def put_back(self, keys: Sequence[PhotoKey]) -> None:
        """These were not looked at after all."""
        with self._lock:
            self._waiting = dict.fromkeys(keys) | self._waiting

    def changed(self, shelf: Shelf) -> list[str]:
        """Ids of the products of this shelf that are not known yet, or otherwise."""
        return [shelf.product_id(row) for row in shelf.changed_since(self._shelf)]

    def follow(self, shelf: Shelf, seen: PhotoVectors, words: PhotoVectors) -> None:
        """Take in a shelf, and vectors: those that are new, and those of products that are new or changed.

        For one writer at a time; searches go on meanwhile, but for the moment in which all of it is put in place.
        """
        said = self._said if self._said is None or self._said.fits(shelf.row_of) else ListingRows()
        rows = shelf.changed_since(self._shelf) if said is None else shelf.differing(said.revisions)
        names = np.array(self.eye.words, dtype=object)
        read = {
            key: frozenset(names[chances >= SEEN_FROM].tolist())
            for key, chances in zip(map(PhotoKey, words.ids, words.images), words.matrix, strict=True)
        }
        otherwise = {key.product_id for key, found in read.items() if self._read.get(key, found) != found}
        again = sorted({row for id_ in otherwise if (row := shelf.row_of(id_)) >= 0}.union(rows))
        products: dict[int, Product] = {}
        for at in range(0, len(again), CHUNK):
            chunk = again[at : at + CHUNK]
            products |= zip(chunk, shelf.products_at(chunk), strict=True)
        slots = [code_of_product(products[row]) for row in rows]
        with self._lock:
            self._shelf, self._said = shelf, None
            self.photos.take(seen)
            if said is not None:
                self._begin(shelf, said, frozenset(rows))
            self._slots.extend([-1] * (len(shelf) - len(self._slots)))
            for row, slot in zip(rows, slots, strict=True):
                self._slots[row] = slot
                self.photos.drop_hidden(products[row].id, products[row].images)
            self._place(shelf, {row: local_images(products[row]) for row in rows})
            self._read |= read
            self._understood.clear()
            self._text.add(again, [listing_of(one, self._words_of(one)) for one in products.values()])
            for key, found in read.items():
                row = shelf.row_of(key.product_id)
                if row >= 0 and row not in products and found:
                    self._text.see(row, found)

    def _begin(self, shelf: Shelf, said: ListingRows, changed: frozenset[int]) -> None:
        """Take in what products said; those that `changed` since come behind."""
        self._text = said.words
        self._slots = array("b", said.slots.astype(np.int8).tobytes())
        shown: dict[int, list[str]] = {}
        for row, image in said.pictures():
            if row not in changed:
                shown.setdefault(row, []).append(image)
        for key in list(self.photos.keys):
            row = shelf.row_of(key.product_id)
            if 0 <= row < len(said) and row not in changed:
                self.photos.drop_hidden(key.product_id, shown.get(row, ()))
        self._place(shelf, shown)

    def allowed(self, floor: Floor, wanted: Filter | None, exclude_ids: Sequence[str]) -> BoolArray:
        """Which products [V] an answer may show, by row."""
        rows, _ = floor.shelf.allowed(wanted)
        excluded = floor.items.codes(list(exclude_ids))
        return rows & ~np.isin(floor.shelf.item, excluded[excluded >= 0])

    def like(self, vector: FloatArray, allowed: BoolArray, *, part: str = WHOLE) -> dict[int, float]:
        """Products whose photos are most like a vector [E], row to cosine, the most alike first.

        `part` names what of a photo the vector is of; products that are nothing of that kind score lower.
        """
        found: dict[int, float] = {}
        with self._lock:
            known = np.zeros(len(self._slots) + 1, dtype=np.bool_)  # the last one stands for no row at all
            known[: min(len(self._slots), len(allowed))] = allowed[: len(self._slots)]
            losses = np.append(misfit(part, self.slots), np.float32(-1))
            row_of = np.asarray(self._row_of)
            for loss in (0.0, UNSAID, MISFIT):
                mine = known & (losses == np.float32(loss))
                if not mine.any():
                    continue
                numbers, scores = self.photos.nearest(vector, _MOST_ALIKE, mine[row_of])
                for number, score in zip(numbers.tolist(), scores.tolist(), strict=True):
                    found.setdefault(self._row_of[number], score - loss)
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))

    def fitting(self, part: str, size: int) -> BoolArray:
        """Which products [size] are of the kind that a part of a photo shows, or may be."""
        with self._lock:
            fits = misfit(part, self.slots)[:size] < np.float32(MISFIT)
        return np.pad(fits, (0, size - len(fits)))

    def listings(
        self,
        text: str,
        allowed: BoolArray,
        count: int = _MOST_ALIKE,
        *,
        whole: bool = False,
        exact: bool = False,
        prose: bool = True,
    ) -> FoundListings:
        """Listings that are what a text asks for, by row; `whole`: all of these, and `count` that are close; `exact`:
        no word is read as another; `prose`: whether so many words as only prose has are read as such."""
        with self._lock:
            return self._text.search(text, count, allowed=allowed, whole=whole, exact=exact, prose=prose)

    def spoken(
        self, said: Sequence[Query], kinds: Sequence[Query], size: int, *, everyday: Collection[str] = ()
    ) -> FloatArray:
        """How much of what was said in a talk each product holds, by row [size], from 0 to 1 for the best."""
        with self._lock:
            return spoken_worth(self._text, said, kinds, size, everyday=everyday)

    def take_synonyms(self, synonyms: Synonyms) -> None:
        """From now on words mean what the merchant says, too."""
        with self._lock:
            self._text.synonyms = synonyms
            self._understood.clear()

    def as_if(self, synonyms: Synonyms) -> SearchIndex:
        """The same, with words that mean what other synonyms say: for one search, as it follows no catalogue."""
        with self._lock:
            other = copy(self)
            other._text = copy(self._text)
            other._text.synonyms, other._understood = synonyms, {}
        return other

    def take_meanings(self, learnt: LearntMeanings) -> None:
        """From now on words that mean nothing else mean what was learnt from shoppers."""
        with self._lock:
            self._text.learnt = learnt
            self._understood.clear()

    @property
    def synonyms(self) -> Synonyms:
        """What the merchant says that words mean."""
        return self._text.synonyms

    def begun(self, typed: str, allowed: BoolArray) -> LongArray:
        """Rows whose titles have words that begin as all the words typed do."""
        with self._lock:
            return self._text.begun(typed, allowed)

    def holds_word(self, word: str) -> bool:
        """Whether the shop's texts hold a word, in any form of it that its languages have."""
        with self._lock:
            return bool(self._text.vocabulary.forms(word, self.languages))

    def spelt(self, word: str) -> list[str]:
        """Words of the shop that look most like one that means nothing here."""
        with self._lock:
            return self._text.spelt(word)

    def finished(self, typed: str) -> str:
        """The words typed, the last one finished as the shop's most frequent word that begins so; "" for none."""
        with self._lock:
            return self._text.finished(typed)

    def understood(
        self, text: str, *, exact: bool = False, as_typed: frozenset[str] = frozenset(), learnt: bool = True
    ) -> Query:
        """What a text asks of this shop; `exact`: no word is read as another, nor is any of those `as_typed`;
        without `learnt`, as if nothing had been learnt from shoppers."""
        with self._lock:
            asked = (text, exact, as_typed, learnt)
            if asked not in self._understood:
                if len(self._understood) >= _UNDERSTOOD_MOST:
                    self._understood.clear()
                made = self._text.understood(text, exact=exact, as_typed=as_typed, learnt=learnt)
                self._understood[asked] = made
            return self._understood[asked]

    def within(self, query: Query, allowed: BoolArray) -> BoolArray:
        """Which of the rows `allowed` [V] a query leaves."""
        with self._lock:
            return self._text.within(query, allowed)

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages that the shop's texts are in."""
        return self._text.vocabulary.languages

    @property
    def kinds(self) -> KindRows:
        """What kind of thing each product is; found when first asked for after products changed."""
        with self._lock:
            shelf, kept, size = self._shelf, self._kinds, len(self._slots)
            assert shelf is not None, "no shelf was followed yet"
            if kept is not None and kept.shelf is shelf:
                return kept
            types = self.values_in(TYPE_ATTRIBUTES, size)
        made = KindRows(shelf, self.languages, types)
        with self._lock:
            self._kinds = made
        return made

    def changes(self, text: str) -> Changes:
        """What a text asks to be otherwise."""
        with self._lock:
            return read_changes(text, self._text)

    def sureness(self, terms: Mapping[Term, float], size: int) -> FloatArray:
        """How surely each product holds what these terms say, by row [size]."""
        with self._lock:
            return self._text.held_by(terms, size)

    def told_in(self, fields: Sequence[str], size: int) -> BoolArray:
        """Which products say anything in one of these fields, by row [size]."""
        with self._lock:
            return self._text.told_in(fields, size)

    def values_in(self, fields: Sequence[str], size: int) -> list[tuple[str, LongArray]]:
        """The values of some fields, each with the rows of its products."""
        with self._lock:
            shop = self._text.vocabulary
            numbers = [number for name in fields for number in shop.of_field(name)]
            names = [" ".join(shop.value_of(number).name) for number in numbers]
            rows = [self._text.rows_with(Term("value", number), size) for number in numbers]
        return list(zip(names, rows, strict=True))

    def names_of(self, numbers: Sequence[int]) -> list[Phrase]:
        """The words of values, by their numbers."""
        with self._lock:
            return [self._text.vocabulary.value_of(number).name for number in numbers]

    def field_of(self, number: int) -> str:
        """The field of a value, by its number."""
        with self._lock:
            return self._text.vocabulary.value_of(number).field

    def names_in(self, field: str) -> list[Phrase]:
        """The words of all values of a field."""
        with self._lock:
            return self.names_of(self._text.vocabulary.of_field(field))

    def cosines(self, vector: FloatArray, rows: Sequence[int]) -> dict[int, float]:
        """How like a vector [E] the photos of some products are, by row; those without a photo are left out."""
        with self._lock:
            ids = [self._shelf.product_id(row) for row in rows] if self._shelf is not None else []
        found = self.photos.likenesses(vector, ids)
        return {row: found[id_] for row, id_ in zip(rows, ids, strict=False) if id_ in found}

    def names_seen(self, head: str) -> tuple[list[list[str]], FloatArray]:
        """The names that a head of the eye tells apart, in words [C], and where they lie among photos [C, E]."""
        assert self.space is not None
        if head not in self._names_seen:
            spelt = [search_words(name) for name in self.eye.heads[head]]
            self._names_seen[head] = spelt, self.space.embed(spelt)
        return self._names_seen[head]

    def photo_sample(self, most: int) -> tuple[FloatArray, IntArray]:
        """Vectors of photos [S, E] and the rows of their products [S]: all of them, or an even share of `most`."""
        with self._lock:
            rows = np.array(self._row_of, dtype=np.int32)
            numbers = np.flatnonzero(rows >= 0)
            numbers = self.photos.here(numbers[:: max(1, -(-len(numbers) // most))])
            return self.photos.vectors(numbers), rows[numbers]

    def items_of(self, rows: IntArray) -> IntArray:
        """The items of some rows."""
        with self._lock:
            assert self._shelf is not None, "no shelf was followed yet"
            return self._shelf.item[rows]

    def vector_of(self, product: Product) -> FloatArray | None:
        """The vector [E] of a product's first photo that has one."""
        return self.photos.vector_of(product)

    def _place(self, shelf: Shelf, shown: Mapping[int, Sequence[str]]) -> None:
        """Give photos the rows of their products, and let pictures that these rows show wait for want of a vector."""
        for key in self.photos.keys[len(self._row_of) :]:
            self._row_of.append(shelf.row_of(key.product_id))
            self._waiting.pop(key, None)
        for row, images in shown.items():
            id_ = shelf.product_id(row)
            for number in self.photos.numbers_of(id_):
                self._row_of[number] = row
            keys = [PhotoKey(id_, image) for image in images]
            self._waiting |= dict.fromkeys(key for key in keys if not self.photos.has(key))

    def _words_of(self, product: Product) -> list[str]:
        """Words read off the pictures that a product shows."""
        return sorted(frozenset().union(*(self._read.get(PhotoKey(product.id, image), ()) for image in product.images)))
