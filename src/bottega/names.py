"""The words every room uses: event kinds, availabilities, units.

One word for one thing, in code, tables, HTTP fields and file columns alike; docs/glossary.md explains each.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "AGENT_PREFIX",
    "DAY_MS",
    "FEED_PREFIX",
    "ID_MAX",
    "KINDS_LEARNT",
    "KIND_WEIGHT",
    "LEARNT_AS",
    "NUMBER_MAX",
    "POSITIVE_KINDS",
    "PUBLISHABLE_PREFIX",
    "TALK_ID_MAX",
    "Availability",
    "BoolArray",
    "ConsentRule",
    "EventKind",
    "FloatArray",
    "Int8Array",
    "IntArray",
    "KeyKind",
    "KindCode",
    "LineBy",
    "LongArray",
    "Owner",
    "Purpose",
    "Role",
    "id_text",
]

ID_MAX = 512
"""Longest id accepted, in characters. Ids are free text: slashes, spaces and emoji included."""

TALK_ID_MAX = 64
"""Longest id of a talk."""

NUMBER_MAX = 2**53
"""Largest number that names a job, a suggestion or an item of a closet: JSON readers lose digits beyond."""

DAY_MS = 86_400_000

if TYPE_CHECKING:
    FloatArray = NDArray[np.float32]
    IntArray = NDArray[np.int32]
    LongArray = NDArray[np.int64]
    Int8Array = NDArray[np.int8]
    BoolArray = NDArray[np.bool_]

_ARRAYS = {
    "FloatArray": "float32",
    "IntArray": "int32",
    "LongArray": "int64",
    "Int8Array": "int8",
    "BoolArray": "bool_",
}


def __getattr__(name: str) -> Any:
    """Array types, made when first asked for: a command's help reads the words of this file and needs no numpy."""
    if name not in _ARRAYS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module("numpy.typing").NDArray[getattr(import_module("numpy"), _ARRAYS[name])]


def id_text(value: object) -> object:
    """An id as the text that it is: shops whose ids are numbers send 7, and mean "7". Anything else stays.

    >>> id_text(7), id_text(7.0), id_text(True), id_text("a/7")
    ('7', '7', True, 'a/7')
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


PUBLISHABLE_PREFIX = "btg_pub_"
"""How a key begins that may stand in a page: it says so itself."""


FEED_PREFIX = "btg_feed_"
"""Tokens in the addresses of feeds start so."""
AGENT_PREFIX = "btg_agent_"
"""How a key begins that belongs to a person who answers shoppers."""


class KeyKind(StrEnum):
    """What an API key is for."""

    SECRET = "secret"
    """Of the shop's servers: opens every route."""
    PUBLISHABLE = "publishable"
    """Stands in the pages of the shop for everybody to read: opens what a visitor may do for themselves."""
    AGENT = "agent"
    """Of a person who answers shoppers: opens the routes of talks, in their own name."""
    SIGNING = "signing"
    """A key id and a secret that signs requests, as callers of Amazon Personalize do."""
    FEED = "feed"
    """Stands in the address of a feed that others fetch: opens that file and nothing else."""


class Role(StrEnum):
    """How much a secret key or a user opens. Each verb and route says which of these it needs (`opens`)."""

    READ = "read"
    """Answers: lists, searches, products, texts and pictures that nothing keeps; nothing of one person, no change."""
    EVENTS = "events"
    """Tells what shoppers did, and hears nothing."""
    MANAGE = "manage"
    """Both, and the shop's daily work: what is kept of shoppers, every change of the shop, jobs."""
    ADMIN = "admin"
    """Everything: who did what, and whatever says nothing else."""

    def opens(self, needed: Role) -> bool:
        """Whether who has this role may do what needs that one.

        >>> [one.value for one in Role if Role.MANAGE.opens(one)], Role.EVENTS.opens(Role.READ)
        (['read', 'events', 'manage'], False)
        """
        return needed in _OPENS[self]


_OPENS = {
    Role.READ: frozenset({Role.READ}),
    Role.EVENTS: frozenset({Role.EVENTS}),
    Role.MANAGE: frozenset({Role.READ, Role.EVENTS, Role.MANAGE}),
    Role.ADMIN: frozenset(Role),
}


class Owner(StrEnum):
    """Who has the word in a talk."""

    ASSISTANT = "assistant"
    WAITING = "waiting"
    """A person was asked for, and none is there yet: the assistant is silent."""
    PERSON = "person"
    CLOSED = "closed"


class LineBy(StrEnum):
    """Of whom a line of a talk is."""

    SHOPPER = "shopper"
    ASSISTANT = "assistant"
    PERSON = "person"
    NOTE = "note"
    """Of a person, for other persons of the shop: no shopper sees it."""
    OWNER = "owner"
    """Nobody's words: the talk has another owner from here on."""


class Availability(StrEnum):
    """Whether a product can be bought. Only the first three are ever recommended."""

    IN_STOCK = "in_stock"
    PREORDER = "preorder"
    BACKORDER = "backorder"
    OUT_OF_STOCK = "out_of_stock"
    DISCONTINUED = "discontinued"


class EventKind(StrEnum):
    """What a shopper did."""

    IMPRESSION = "impression"
    VIEW = "view"
    CLICK = "click"
    WISHLIST = "wishlist"
    ADD_TO_CART = "add_to_cart"
    REMOVE_FROM_CART = "remove_from_cart"
    PURCHASE = "purchase"
    SEARCH = "search"
    RATE = "rate"
    REFUND = "refund"
    """Takes a purchase back; nothing that a shopper liked, and nothing that a model learns from."""
    TRY_ON = "try_on"
    """Saw the product on a photo of themselves, or on a fashion model that they dressed."""

    @property
    def code(self) -> KindCode:
        """The same kind as a small integer; `KindCode.kind` is the way back."""
        return KindCode[self.name]


class KindCode(IntEnum):
    """The same kinds as small integers, for arrays and the database. Never renumber."""

    IMPRESSION = 0
    VIEW = 1
    CLICK = 2
    WISHLIST = 3
    ADD_TO_CART = 4
    REMOVE_FROM_CART = 5
    PURCHASE = 6
    SEARCH = 7
    RATE = 8
    REFUND = 9
    TRY_ON = 10

    @property
    def kind(self) -> EventKind:
        """The kind itself."""
        return EventKind[self.name]


class Purpose(StrEnum):
    """What a shopper may agree to, each by itself."""

    PERSONALISATION = "personalisation"
    """Lists and answers made from what they did; models that learn from it."""
    ANALYTICS = "analytics"
    """Being counted where shoppers are compared: evaluation and segments."""
    MESSAGES = "messages"
    """Being written to."""


ConsentRule = Literal["assumed", "asked"]
"""Who may be learnt from and answered personally: who did not say no, or only who said yes."""

POSITIVE_KINDS: frozenset[KindCode] = frozenset(
    {
        KindCode.VIEW,
        KindCode.CLICK,
        KindCode.TRY_ON,
        KindCode.WISHLIST,
        KindCode.ADD_TO_CART,
        KindCode.PURCHASE,
        KindCode.RATE,
    }
)
"""Kinds that say a shopper was drawn to a product: only these enter histories."""

KINDS_LEARNT = int(KindCode.RATE) + 1
"""How many kinds networks tell apart, by codes from 0. A refund comes after them, for it is in no history, and so does
what is `LEARNT_AS` another kind."""

LEARNT_AS: dict[KindCode, KindCode] = {KindCode.TRY_ON: KindCode.WISHLIST}
"""Kinds that networks read as another one: what was trained before there was such a kind has no place for it, and a
network that never met a wish list adds nothing for one. Where events are weighed, each counts by its own weight."""

KIND_WEIGHT: dict[KindCode, float] = {
    KindCode.VIEW: 1.0,
    KindCode.CLICK: 1.0,
    KindCode.TRY_ON: 1.5,
    KindCode.WISHLIST: 2.0,
    KindCode.ADD_TO_CART: 3.0,
    KindCode.PURCHASE: 5.0,
    KindCode.RATE: 3.0,
}
"""How much one event of each positive kind counts where models weigh events. Purchase > cart > wishlist > try-on >
view: trying on takes more than a look, and says less than keeping."""
