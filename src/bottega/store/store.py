"""The store: everything a shop remembers between two runs. The only room that speaks SQL."""

from __future__ import annotations

import secrets
from types import TracebackType
from typing import Self

from sqlalchemy import select

from bottega.store.agents import AgentStore
from bottega.store.allowances import AllowanceStore
from bottega.store.answers import AnswerStore
from bottega.store.asked_questions import AskedQuestionStore
from bottega.store.attribution import AttributionStore
from bottega.store.audit import AuditStore
from bottega.store.bots import BotStore
from bottega.store.closet import ClosetStore
from bottega.store.connections import ConnectionStore
from bottega.store.database import Database
from bottega.store.deliveries import DeliveryStore
from bottega.store.designs import DesignStore
from bottega.store.errands import ErrandStore
from bottega.store.events import EventStore
from bottega.store.experiments import ExperimentStore
from bottega.store.folded import FoldedStore
from bottega.store.foreign import ForeignStore
from bottega.store.jobs import JobStore
from bottega.store.judgements import JudgementStore
from bottega.store.keys import KeyStore
from bottega.store.letters import LetterStore
from bottega.store.looks import LookStore
from bottega.store.meanings import MeaningStore
from bottega.store.migrate import migrate, newest, revision_of
from bottega.store.mirrored import MirrorStore
from bottega.store.outcomes import OutcomeStore
from bottega.store.products import ProductStore
from bottega.store.reviews import ReviewStore
from bottega.store.rules import RuleStore
from bottega.store.runs import RunStore
from bottega.store.schedules import ScheduleStore
from bottega.store.secrets import SecretStore
from bottega.store.shopper_pictures import ClosetPictureStore, ShareStore
from bottega.store.shoppers import ShopperStore
from bottega.store.single_events import SingleEvents
from bottega.store.stock import StockStore
from bottega.store.suggestions import SuggestionStore
from bottega.store.synonyms import SynonymStore
from bottega.store.tables import counters
from bottega.store.talk_tending import TalkTending
from bottega.store.talks import TalkStore
from bottega.store.tastes import TasteStore
from bottega.store.traits import TraitStore
from bottega.store.turns import TurnStore
from bottega.store.users import UserStore
from bottega.store.vectors import VectorStore

__all__ = ["Store"]


class Store:
    """Everything of one shop: products, events, what models made of them, keys.

    Threads may share it; processes open their own.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.products = ProductStore(database)
        self.events = EventStore(database)
        self.single_events = SingleEvents(database)
        self.folded = FoldedStore(database)
        self.foreign = ForeignStore(database)
        self.connections = ConnectionStore(database)
        self.shoppers = ShopperStore(database)
        self.traits = TraitStore(database)
        self.tastes = TasteStore(database)
        self.closet = ClosetStore(database)
        self.designs = DesignStore(database)
        self.allowances = AllowanceStore(database)
        self.closet_pictures = ClosetPictureStore(database)
        self.shares = ShareStore(database)
        self.vectors = VectorStore(database)
        self.suggestions = SuggestionStore(database)
        self.runs = RunStore(database)
        self.judgements = JudgementStore(database)
        self.jobs = JobStore(database)
        self.schedules = ScheduleStore(database)
        self.keys = KeyStore(database)
        self.audit = AuditStore(database)
        self.users = UserStore(database)
        self.secrets = SecretStore(database)
        self.deliveries = DeliveryStore(database)
        self.errands = ErrandStore(database)
        self.stock = StockStore(database)
        self.turns = TurnStore(database)
        self.answers = AnswerStore(database)
        self.bots = BotStore(database)
        self.synonyms = SynonymStore(database)
        self.rules = RuleStore(database)
        self.reviews = ReviewStore(database)
        self.letters = LetterStore(database)
        self.looks = LookStore(database)
        self.talks = TalkStore(database)
        self.talk_tending = TalkTending(database)
        self.mirrored = MirrorStore(database)
        self.agents = AgentStore(database)
        self.asked_questions = AskedQuestionStore(database)
        self.meanings = MeaningStore(database)
        self.attribution = AttributionStore(database)
        self.experiments = ExperimentStore(database)
        self.outcomes = OutcomeStore(database)

    def identity(self) -> int:
        """A number that tells this database from any other."""
        with self.database.read() as connection:
            found: int = connection.execute(select(counters.c.value).where(counters.c.name == "identity")).scalar_one()
            return found

    def salt(self) -> int:
        """A number that the shop keeps for good, in its backups, too: what its own keys are drawn with."""
        asked = select(counters.c.value).where(counters.c.name == "salt")
        with self.database.read() as connection:
            found: int | None = connection.execute(asked).scalar()
        if found is not None:
            return found
        with self.database.write() as connection:
            made = ("salt", 1 + secrets.randbelow(2**62))
            self.database.insert_ignoring(connection, counters, "name", ("name", "value"), [made])
            return int(connection.execute(asked).scalar_one())

    @classmethod
    def open(cls, url: str, *, schema: str = "") -> Store:
        """Open the database at `url`, creating or upgrading its tables, in PostgreSQL those of a schema.

        `sqlite:///path/shop.db` or `postgresql://user:password@host/name`. Raises `StoreUnavailable` when it cannot be
        reached or was written by a newer Bottega.
        """
        database = Database.connect(url, schema=schema)
        try:
            migrate(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def is_newest(self) -> bool:
        """Whether the tables are of the version that this code knows as the newest. Raises `StoreUnavailable`."""
        with self.database.read() as connection:
            return revision_of(connection) == newest()

    def marks(self) -> dict[str, int]:
        """The last numbers given out: another one where anybody has written. One small statement."""
        with self.database.read() as connection:
            rows = connection.execute(select(counters.c.name, counters.c.value))
            return {row.name: row.value for row in rows}

    def close(self) -> None:
        """Let go of every connection."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
