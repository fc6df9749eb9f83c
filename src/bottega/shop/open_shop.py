"""An open shop: everything that a process holds in memory of one shop, made when first needed and dropped with it.

What a process of this machine writes is in the next answer of every one of them (`shop/versions.py`); what other
machines write, and newer models, is taken over by `catch_up` and `refresh`.

Answers wait for nobody: they read a floor, which never changes, and which the next one replaces in a moment. Writers
take turns among themselves, so that each log is read once; who comes second finds the work done. Models are loaded,
photos looked at and files read outside of all of it.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

import structlog

from bottega import __version__
from bottega.catalogue.product import Product
from bottega.connectors.resting import Resting
from bottega.errors import ModelFileBroken, StoreUnavailable
from bottega.events.event import Event
from bottega.events.log_in import LogIn
from bottega.progress import Progress, silent
from bottega.shop.doors.key_ring import KeyRing
from bottega.shop.doors.sessions import Sessions
from bottega.shop.doors.signing_keys import SigningKeys
from bottega.shop.experiments import LiveExperiments
from bottega.shop.folder import ShopFolder
from bottega.shop.listings.accepted import with_accepted
from bottega.shop.live_settings import LiveSettings
from bottega.shop.once import Once
from bottega.shop.rules.in_force import RulesInForce
from bottega.shop.secrets import secrets_of
from bottega.shop.shape import Health
from bottega.shop.shoppers.consents import Consents
from bottega.shop.shoppers.log_ins import keep_log_ins
from bottega.shop.trained.models_in_use import ModelsInUse
from bottega.shop.trained.shipped_models import ShippedModels
from bottega.shop.versions import ShopPart
from bottega.store.events import Added
from bottega.store.products import Upserted

if TYPE_CHECKING:
    from bottega.datasets.photos.reading import Photo
    from bottega.models.dialogue.reader import (
        TalkReader,  # what computes is imported when it is first asked for: an import or an export needs none of it
    )
    from bottega.names import FloatArray
    from bottega.shop.bought_together import BoughtTogether
    from bottega.shop.floor import Floor
    from bottega.shop.listings.reviews import ReviewReader
    from bottega.shop.rules.imposed import LeftRows
    from bottega.shop.search.completing import Completing
    from bottega.shop.search.index import SearchIndex
    from bottega.shop.search.searching import Searching
    from bottega.shop.shoppers.histories import RecentEvents

__all__ = ["OpenShop"]

log = structlog.get_logger("bottega")


class OpenShop:
    """The first argument of every verb. Safe to call from several threads; several may be open in one process."""

    def __init__(self, folder: ShopFolder, *, threads: int | None = None, shipped: ShippedModels | None = None) -> None:
        """Nothing is loaded until it is asked for (`warm`). `threads` limits what one answer computes on; `shipped`
        are the models that stand in where the shop has none of its own."""
        self.folder, self.store, self.settings = folder, folder.store, folder.settings
        self.models = ModelsInUse(folder, shipped)
        self.consents = Consents(folder.store, folder.versions, folder.settings.personalisation_consent)
        self.experiments = LiveExperiments(folder.store, folder.versions)
        self.keys = KeyRing(folder.store.keys)
        self.secrets = secrets_of(folder)
        page = f"/s/{folder.root.name}/login" if folder.one_of_several else "/login"
        self.sessions = Sessions(folder.store, folder.settings, page=page)
        self.signing_keys = SigningKeys(folder.store, self.secrets)
        self.talks_model_rest = Resting()
        self.rules = RulesInForce(folder.store, folder.versions, folder.settings.zone)
        self._live_settings = LiveSettings(folder.root)
        self._threads = threads
        self._turn = threading.Lock()
        """The writers' turn; no answer waits for it but a search, for what it needs."""
        self._refreshing = threading.Lock()
        self._broken = ""
        self._settled = False
        self._recent = Once(self._open_recent)
        self._bought = Once(self._open_bought)
        self._floor: Floor | None = None
        self._catalogue_stamp = 0
        self._marks: dict[str, int] = {}
        self._first_floor = Once(self._open_floor)
        self._searching = Once(self._open_searching)
        self._completing: Completing | None = None
        self._reviews = Once(self._open_reviews)
        self._talk_reader = Once(self._open_talk_reader)

    @classmethod
    def open(cls, folder: Path | str, *, threads: int | None = None, shipped: ShippedModels | None = None) -> Self:
        """Open the shop in a folder. Raises what `ShopFolder.open` raises."""
        return cls(ShopFolder.open(folder), threads=threads, shipped=shipped)

    def warm(self) -> Self:
        """Load what answers need, so that the first one does not wait for it."""
        self._standing()
        return self

    def settle(self) -> None:
        """Take what is loaded out of the garbage collector's rounds: for a process that does nothing but answer.

        A round over 12,000 products would stop every answer for a fifth of a second, again and again. Nothing is looked
        for first: that would take as long, and a start leaves a few thousand small objects behind.
        """
        self._settled = True
        gc.freeze()

    def close(self) -> None:
        """Let go of the store, and of all that is held of the shop: whoever still asks it has it made anew."""
        self.keys.write_uses(at_once=True)
        self.folder.close()
        self._floor = self._completing = None
        self.rules.let_go()
        for held in (self._recent, self._bought, self._first_floor, self._searching, self._reviews, self._talk_reader):
            held.let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def floor(self) -> Iterator[Floor]:
        """The floor to answer from, the same for as long as the block lasts. Holds nobody up.

        What others wrote into the catalogue is taken in first, where there is any.
        """
        self._look_abroad()
        standing = self._standing()
        if self.news:
            self._catch_up_catalogue()
            standing = self._standing()
        yield standing

    @property
    def news(self) -> bool:
        """Whether the next answer first takes in products that another process wrote, for some milliseconds."""
        return self._catalogue_stamp != self.folder.versions.of_part(ShopPart.CATALOGUE)

    def profile(self, name: str, *, session_id: str | None = None) -> str:
        """The profile that a shopper id, an anonymous id or a session id means; a stranger keeps the name.

        `session_id` is asked where nobody is known by `name`.
        """
        from bottega.shop.shoppers.profiles import profile_of

        self._look_abroad()
        return profile_of(self._recent(), name, session_id=session_id)

    def known_profile(self, name: str, *, session_id: str | None = None) -> str | None:
        """The same, and None for a stranger."""
        recent = self._recent()
        found = (recent.profile(one) for one in (name, session_id) if one is not None)
        return next((profile for profile in found if profile is not None), None)

    def newest_shopper(self) -> str | None:
        """The profile of the newest event; None without events."""
        events = self.store.events
        rows = events.since(events.newest_seq() - 1, 1)
        return rows[0].shopper if rows else None

    def search_index(self, *, look: bool = True, look_at_all: bool = False, progress: Progress = silent) -> SearchIndex:
        """What searches look in, products of a moment ago included; looks at some waiting photos first (unless `look`
        is false), or at all."""
        return self._searching().search_index(look=look, look_at_all=look_at_all, progress=progress)

    def completing(self, floor: Floor, left: LeftRows | None) -> Completing:
        """What may be meant by what somebody is typing: categories, brands, past searches, of what rules leave."""
        from bottega.shop.search.completing import Completing

        kept = self._completing
        if kept is None or not kept.still_of(floor, left):
            kept = self._completing = Completing(floor, left)
        return kept

    def same_pictures(self, photos: Sequence[Photo], vectors: FloatArray) -> list[list[str]]:
        """For each of N photos, seen as `vectors` [N, E] by the eye in use, the ids of products that show it."""
        from bottega.shop.search.same_pictures import same_pictures

        return same_pictures(self.folder, self._searching().photo_index(), photos, vectors)

    def colours_of(self, products: Sequence[Product], *, most: int | None) -> FloatArray:
        """Colour rows [N, C] of products' pictures, NaN where unknown; `most` are measured now, None for all."""
        return self._searching().colours().of(products, most=most)

    def bought_with(self, floor: Floor, product_ids: Sequence[str]) -> dict[str, int]:
        """Product id -> how many shoppers bought it as well as one of these; products that nobody did are left out."""
        return self._bought().of(floor, product_ids)

    def review_reader(self) -> ReviewReader:
        """What reads the shop's reviews, with the encoder of the settings. Raises `EncoderUnavailable`."""
        return self._reviews()

    def talk_reader(self) -> TalkReader:
        """What reads the lines of talks, with the encoder of the settings. Raises `EncoderUnavailable`."""
        return self._talk_reader()

    def catch_up(self) -> None:
        """Take in what other processes wrote: each log is read once, and what is new handed on."""
        if (recent := self._recent.made) is not None:
            recent.catch_up()
        self.consents.catch_up()
        self.experiments.catch_up()
        self._catch_up_catalogue()
        self.rules.forget()
        if (searching := self._searching.made) is not None:
            searching.forget_synonyms()

    def refresh(self) -> bool:
        """Catch up, and take over a newer model; true when the model changed. Forgotten rows leave the disk with it,
        if somebody read when they were deleted.

        It is loaded beside the one before, which answers meanwhile.
        """
        with self._refreshing:
            self.take_settings()
            self.keys.write_uses()
            before = self._standing()
            self.catch_up()
            self.store.shoppers.overwrite()
            run = self.models.newest()
            current = before.run.version if before.run else ""
            if (run.version if run else "") in (current, self._broken) and not self._standing().outgrown():
                return False
            new = self._build()
            with self._turn:  # what was written meanwhile
                self._floor = self._stocked(new)
            self.rules.let_go()
            if self._settled:
                gc.collect(1)  # a ring among what is young would stay for good
                gc.freeze()
            log.info("model", name=new.info.name, version=new.info.version)
            return True

    def take_settings(self) -> None:
        """Take over what the shop's file says of settings that hold at once; the next answer heeds it."""
        if (newer := self._live_settings.newer(self.settings)) is not None:
            self.settings = newer
            with self._turn:
                if self._floor is not None:
                    self._floor.settings = newer

    def upsert(
        self, products: Sequence[Product], *, from_merchant: Collection[str] = (), undone: Collection[int] = ()
    ) -> Upserted:
        """Store products; when this returns they are on disk and in the next answer.

        `from_merchant`, `undone`: as in `with_accepted`.
        """
        kept = with_accepted(self.folder, products, from_merchant=from_merchant, undone=undone)
        result = self.store.products.upsert(kept)
        self.folder.versions.touch_part(ShopPart.CATALOGUE)
        before = self._floor
        self._catch_up_catalogue()
        if before is not None and not len(before.shelf) and before.untrained:
            self.refresh()
        return result

    def record(self, events: Sequence[Event]) -> Added:
        """Store events; when this returns they are on disk and in the next answer."""
        return self._recorded(self.store.events.add(events))

    def log_in(self, log_ins: Sequence[LogIn]) -> Added:
        """Join the ids of log-ins and keep what they tell; when this returns it is on disk and in the next answer."""
        if not log_ins:
            return Added(0, 0)
        added = keep_log_ins(self.store, log_ins, source="event")
        self.folder.versions.touch_part(ShopPart.CONSENTS)
        return self._recorded(added)

    def took_back(self, whose: Iterable[str]) -> None:
        """Events of these profiles were just taken back; the next answer no longer knows them."""
        self.folder.versions.touch(*whose)

    def declared(self, shopper: str) -> None:
        """A profile just declared a taste, or took one back; the next answer heeds it."""
        self.folder.versions.touch(shopper)
        self.folder.versions.touch_part(ShopPart.TASTES)

    def said_synonyms(self) -> None:
        """The merchant just said what words mean, or took it back; the next search heeds it in every process."""
        self.folder.versions.touch_part(ShopPart.SYNONYMS)

    def learnt_meanings(self) -> None:
        """What words mean by shoppers' clicks just changed; the next search heeds it in every process."""
        self.folder.versions.touch_part(ShopPart.MEANINGS)

    def changed_experiments(self) -> None:
        """An experiment was just started, stopped or adopted; the next answer heeds it in every process."""
        self.folder.versions.touch_part(ShopPart.EXPERIMENTS)

    def consented(self) -> None:
        """Somebody just said what they agree to; the next answer heeds it."""
        self.folder.versions.touch_part(ShopPart.CONSENTS)

    def forgot(self) -> None:
        """Somebody was just forgotten: no process of this machine knows them any more."""
        self.folder.versions.touch_everything()
        self.refresh()

    def health(self) -> Health:
        """How the shop is; never raises for a store that cannot be reached."""
        try:
            with self.floor() as floor:
                events, reached = self.store.events.count(), True
        except StoreUnavailable:
            floor, events, reached = self._standing(), self._recent().events_seen, False
        trained_at_ms = floor.run.trained_at_ms if floor.run else None
        return Health(
            status="store_unavailable" if not reached else "disk_full" if self.folder.is_full else "ok",
            version=__version__,
            products=len(floor.shelf),
            recommendable_items=int(floor.recommendable.sum()),
            events=events,
            model=floor.info,
            model_age_s=None if trained_at_ms is None else round(time.time() - trained_at_ms / 1000, 1),
            store="sqlite" if self.store.database.is_sqlite else "postgresql",
        )

    def _look_abroad(self) -> None:
        """Where other machines write into the store: take in what they wrote, if they wrote since the last look."""
        if not self.folder.server.several_machines:
            return
        try:
            if (marks := self.store.marks()) != self._marks:
                self.catch_up()
                self._marks = marks
        except StoreUnavailable as error:
            _answers_on(error)

    def _recorded(self, added: Added) -> Added:
        """Tell every process of this machine what was just stored; asks nothing of the store."""
        self.folder.versions.touched_by(added)
        if (recent := self._recent.made) is not None:
            recent.record(added)
        return added

    def _open_recent(self) -> RecentEvents:
        from bottega.shop.shoppers.histories import RecentEvents

        return RecentEvents(self.store, self.folder.versions, history_events=self.settings.history_events)

    def _open_bought(self) -> BoughtTogether:
        from bottega.shop.bought_together import BoughtTogether

        return BoughtTogether(self.store, self._recent(), consent=self.settings.personalisation_consent)

    def _open_reviews(self) -> ReviewReader:
        from bottega.shop.listings.reviews import ReviewReader
        from bottega.shop.trained.encoder import encoder_of

        return ReviewReader(self.store, encoder_of(self.folder, self.secrets))

    def _open_talk_reader(self) -> TalkReader:
        from bottega.models.dialogue.reader import TalkReader
        from bottega.shop.trained.encoder import encoder_of

        return TalkReader(encoder_of(self.folder, self.secrets))

    def _open_searching(self) -> Searching:
        from bottega.shop.search.searching import Searching

        return Searching(
            self.folder,
            self.models,
            turn=self._turn,
            standing=self._standing,
            at_hand=lambda: self._floor,
            catch_up=self._catch_up_catalogue,
        )

    def _standing(self) -> Floor:
        if self._floor is None:
            self._first_floor()
        assert self._floor is not None
        return self._floor

    def _open_floor(self) -> None:
        self._catalogue_stamp = self.folder.versions.of_part(ShopPart.CATALOGUE)
        floor = self._build()
        with self._turn:  # what was written meanwhile
            self._floor = self._stocked(floor)

    def _catch_up_catalogue(self) -> None:
        with self._turn:
            stamp = self.folder.versions.of_part(ShopPart.CATALOGUE)  # before the reading
            try:
                if self._floor is not None:
                    self._floor = self._stocked(self._floor)
                    self._catalogue_stamp = stamp
                if (searching := self._searching.made) is not None:
                    searching.take(self._floor)
            except StoreUnavailable as error:
                _answers_on(error)

    def _stocked(self, floor: Floor) -> Floor:
        """The floor with the products that were written since. In the writers' turn."""
        from bottega.shop.shelf.catalogue_pack import catch_up

        catalogue = catch_up(self.store, floor.catalogue)
        return floor if catalogue is floor.catalogue else floor.standing_on(catalogue)

    def _build(self) -> Floor:
        """A floor on the newest model that can be read; else the one there is, or one without a model."""
        run = self.models.newest()
        trained = None
        if run is not None:
            try:
                trained = self.models.trained_shop(run)
            except ModelFileBroken as error:
                self._broken, run = run.version, None
                log.error("model_file_broken", version=self._broken, message=str(error))
                if self._floor is not None:
                    return self._floor
        from bottega.shop.floor import Floor
        from bottega.shop.shelf.catalogue_pack import open_catalogue

        catalogue = open_catalogue(self.folder, run, trained)
        floor = Floor(self.settings, self.store, self._recent(), catalogue, run=run, trained=trained)
        if self._threads is not None:
            from bottega.models.blocks.threads import limit_threads

            limit_threads(self._threads)
        return floor


def _answers_on(error: StoreUnavailable) -> None:
    """The store cannot be asked for news: what is in memory answers on, and who needs the store hears of it there."""
    log.warning("news", code=error.code, message=str(error))
