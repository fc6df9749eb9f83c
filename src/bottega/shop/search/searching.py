"""What a shop is searched with: photo vectors, the search index, colours; each made when first needed, kept in step.

One cursor over the log of vectors feeds all of them. `take` runs in the writers' turn; everything slow runs outside.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import structlog

from bottega.datasets.item_photos import MAKER
from bottega.errors import StoreUnavailable
from bottega.languages.fold import tokens
from bottega.languages.synonyms import Synonym, Synonyms
from bottega.models.search.learnt import PRODUCT, LearntMeanings
from bottega.progress import Progress, silent
from bottega.shop.floor import Floor
from bottega.shop.folder import ShopFolder
from bottega.shop.once import Once
from bottega.shop.search.index import SearchIndex
from bottega.shop.search.looking import PHOTOS_A_SEARCH, WORDS_MAKER, look_at
from bottega.shop.search.pack import REMADE_AFTER, said_of
from bottega.shop.search.photo_colours import COLOUR_STAMP, PhotoColours
from bottega.shop.search.photo_index import PhotoIndex
from bottega.shop.trained.eye_in_use import EyeInUse
from bottega.shop.trained.models_in_use import ModelsInUse
from bottega.shop.versions import ShopPart
from bottega.store.vectors import PhotoVectors, Stamp

__all__ = ["Searching"]

log = structlog.get_logger("bottega")
FOLLOWED_TO = 2_000
"""So many products that changed are read one by one while others wait, whatever share of the catalogue they are."""


class Searching:
    """Photos, index and colours of one shop. Safe to call from several threads.

    `turn` is the writers' lock; `standing` gives the floor, which it makes, in the writers' turn, where there is none;
    `at_hand` gives it where it is made; `catch_up` takes the turn and calls `take`.
    """

    def __init__(
        self,
        folder: ShopFolder,
        models: ModelsInUse,
        *,
        turn: threading.Lock,
        standing: Callable[[], Floor],
        at_hand: Callable[[], Floor | None],
        catch_up: Callable[[], None],
    ) -> None:
        self._folder, self._store, self._models = folder, folder.store, models
        self._turn, self._standing, self._at_hand, self._catch_up = turn, standing, at_hand, catch_up
        self._lock = threading.Lock()
        self._photos: tuple[str, Once[PhotoIndex]] | None = None
        self._search: tuple[str, Once[SearchIndex]] | None = None
        self._colours = Once(self._make_colours)
        self._synonyms: tuple[int, SearchIndex] | None = None
        """The stamp of those handed on, and to which index."""
        self._meanings: tuple[int, SearchIndex] | None = None
        """The same of what was learnt from shoppers."""
        self._number = 0
        """The last vector handed on."""
        self._fed: tuple[PhotoIndex | None, SearchIndex | None, PhotoColours | None] = (None, None, None)
        """Those made; read and changed in the writers' turn alone."""

    def photo_index(self) -> PhotoIndex:
        """Vectors of the catalogue's photos by the eye in use, in step with the store; looks at none."""
        photos = self._photos_of(self._models.eye_in_use())
        self._catch_up()
        return photos

    def search_index(self, *, look: bool = True, look_at_all: bool = False, progress: Progress = silent) -> SearchIndex:
        """The index of the eye in use, in step with the store; looks at some photos first, or at all, or at none."""
        eye = self._models.eye_in_use()
        with self._lock:
            if self._search is None or self._search[0] != eye.version:
                self._search = eye.version, Once(partial(self._make_search, eye))
            made = self._search[1]
        index = made()
        self._catch_up()
        if self._search is None:  # much of the catalogue came anew
            return self.search_index(look=look, look_at_all=look_at_all, progress=progress)
        try:
            self._take_synonyms(index)
            self._take_meanings(index)
        except StoreUnavailable as error:  # the index has those that it took last
            log.warning("search", code=error.code, message=str(error))
        if look and self._look(index, None if look_at_all else PHOTOS_A_SEARCH, progress):
            self._catch_up()
        return index

    def forget_synonyms(self) -> None:
        """Another machine may have written some, or learnt meanings: the next search reads them anew."""
        self._synonyms = self._meanings = None

    def _take_synonyms(self, index: SearchIndex) -> None:
        """Hand on what the merchant says that words mean, where it was said since the last time."""
        stamp = self._folder.versions.of_part(ShopPart.SYNONYMS)  # before the reading
        if self._synonyms != (stamp, index):
            entries = (Synonym(one.words, one.means) for one in self._store.synonyms.all())
            index.take_synonyms(Synonyms.of(entries))
            self._synonyms = stamp, index

    def _take_meanings(self, index: SearchIndex) -> None:
        """Hand on what shoppers' clicks say that words mean, where it changed since the last time."""
        stamp = self._folder.versions.of_part(ShopPart.MEANINGS)  # before the reading
        if self._meanings != (stamp, index):
            entries = (
                (
                    tuple(one.phrase.split(" ")),
                    one.field,
                    one.value if one.field == PRODUCT else tuple(tokens(one.value)),
                )
                for one in self._store.meanings.used()
            )
            index.take_meanings(LearntMeanings.of(entries))
            self._meanings = stamp, index

    def colours(self) -> PhotoColours:
        """Colours of catalogue photos, in step with the store."""
        colours = self._colours()
        self._catch_up()
        return colours

    def take(self, floor: Floor | None) -> None:
        """Hand on the vectors written since the last time, and what changed on the shelf. In the writers' turn."""
        photos, search, colours = self._fed
        stamps = [photos.stamp] if photos is not None else []
        stamps += [search.words_stamp] if search is not None else []
        stamps += [COLOUR_STAMP] if colours is not None else []
        if not stamps:
            return
        found, self._number = self._store.vectors.since(self._number, stamps)
        if colours is not None:
            colours.take(found[COLOUR_STAMP])
        if search is not None and floor is not None:
            self._follow(search, floor, found[search.photos.stamp], found[search.words_stamp])
        elif photos is not None:
            photos.take(found[photos.stamp])

    def _follow(self, search: SearchIndex, floor: Floor, seen: PhotoVectors, words: PhotoVectors) -> None:
        """Keep the index in step; a product that changed may show a picture that was looked at long ago."""
        changed = search.changed(floor.shelf)
        if len(changed) > max(FOLLOWED_TO, REMADE_AFTER * len(floor.shelf)):
            # Reading them one by one would hold everybody up; who wrote them made a pack, or the next search does.
            search.photos.take(seen)
            with self._lock:
                self._search = None
            self._fed = self._fed[0], None, self._fed[2]
            return
        if changed:
            again = self._store.vectors.of_products(changed, search.stamps)
            seen = PhotoVectors.joined([again[search.photos.stamp], seen])
            words = PhotoVectors.joined([again[search.words_stamp], words])
        if changed or seen.ids or words.ids:
            search.follow(floor.shelf, seen, words)

    def _photos_of(self, eye: EyeInUse) -> PhotoIndex:
        with self._lock:
            if self._photos is None or self._photos[0] != eye.version:
                self._photos = eye.version, Once(partial(self._make_photos, eye))
            made = self._photos[1]
        return made()

    def _make_photos(self, eye: EyeInUse) -> PhotoIndex:
        photos = PhotoIndex(eye)
        found = self._all(photos.stamp)
        photos.take(found)
        with self._turn:  # what came meanwhile; from here on `take` hands on the rest
            photos.take(self._all(photos.stamp, after=found.newest))
            self._fed = photos, None, self._fed[2]
        return photos

    def _make_search(self, eye: EyeInUse) -> SearchIndex:
        photos, floor = self._photos_of(eye), self._standing()
        search = SearchIndex(eye, photos, self._models.words(eye), said_of(self._folder))
        words = self._all(search.words_stamp)
        search.follow(floor.shelf, PhotoVectors.joined([]), words)
        with self._turn:
            more = self._all(search.words_stamp, after=words.newest)
            # There is none where the shop was closed meanwhile, and making one would wait for this very turn.
            self._follow(search, self._at_hand() or floor, PhotoVectors.joined([]), more)
            if self._fed[0] is photos:
                self._fed = photos, search, self._fed[2]
        return search

    def _make_colours(self) -> PhotoColours:
        colours = PhotoColours(self._folder)
        found = self._all(COLOUR_STAMP)
        colours.take(found)
        with self._turn:
            colours.take(self._all(COLOUR_STAMP, after=found.newest))
            self._fed = *self._fed[:2], colours
        return colours

    def _all(self, stamp: Stamp, *, after: int = 0) -> PhotoVectors:
        return self._store.vectors.all(stamp, after=after)

    def _look(self, index: SearchIndex, most: int | None, progress: Progress) -> int:
        """Look at photos that wait; one that cannot be read waits no longer. Returns how many were asked for."""
        total = index.waiting if most is None else min(most, index.waiting)
        done = 0
        while done < total and (keys := index.claim(min(PHOTOS_A_SEARCH, total - done))):
            try:
                look_at(self._folder, index.eye.load(), keys)
            except BaseException:
                index.put_back(keys)
                raise
            done += len(keys)
            progress("looking at the catalogue", done, total)
        if done and not index.waiting:
            self._prune(index)
        return done

    def _prune(self, index: SearchIndex) -> None:
        """Everything was looked at by this eye: let go of what others saw, but of what the recommender learnt with."""
        with self._lock:
            if index.pruned:
                return
            index.pruned = True
        learnt = self._standing().space.photos
        kept = {index.eye.version, *([learnt.version] if learnt else [])}
        self._store.vectors.prune(MAKER, *sorted(kept))
        self._store.vectors.prune(WORDS_MAKER, index.eye.version)
