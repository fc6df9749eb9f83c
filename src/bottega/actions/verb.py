"""What a verb is: its name, where its code is, what it takes and gives, and at which doors it stands.

Nothing is imported before it is used, so that a door may read the list (verbs/) at no cost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bottega.names import Role

if TYPE_CHECKING:
    from bottega.shop.open_shop import OpenShop
    from bottega.shop.shape import Shape

__all__ = ["Kind", "Verb"]


class Kind(StrEnum):
    """What a verb does to the shop, and how long it may take."""

    ANSWER = "answer"
    """Reads, and answers at once."""
    WRITE = "write"
    """Changes what the shop knows, and answers at once."""
    JOB = "job"
    """Takes its time and tells its `progress`, while whoever asked waits; whether it may be asked for and left to a
    worker is another question (`Verb.later`)."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One ability: `verb(shop: OpenShop, request: Request) -> Answer`; a job takes `progress`, too."""

    name: str
    kind: Kind
    function: str
    """Module and name within this room, as in `search.words:search_text`."""
    request: str
    """The same of the shape it takes; a name alone lies in the function's module, a whole address anywhere."""
    answer: str
    """The same of the shape it gives."""
    help: str
    """One line for every door's manual."""
    route: str = ""
    """Method and path over HTTP, as in `POST /v1/search`; empty where there is none."""
    command: str = ""
    """Words on the command line, as in `closet add`; empty where there is none."""
    arguments: tuple[str, ...] = ()
    """Fields of the request that the command takes by their place."""
    status: int = 200
    """Of an answer over HTTP; 202 where the work only begins."""
    later: bool = False
    """Whether a worker may do it later (`start_job`). Jobs of one lane run one after the other."""
    lane: str = ""
    """The lane of its jobs, where that is not its own name."""
    visitor: str = ""
    """Module and name of what makes a request that of the visitor who asks with a publishable key, or refuses it.
    Empty: the verb is closed to such keys. Nothing else in the house says what a browser may do."""
    pieces: str = ""
    """Module and name of what gives the answer piece by piece, for whoever asks for events; empty: it comes whole."""
    agents: bool = False
    """Whether an agent's key opens it; the field `agent` of the request then becomes whose key that is."""
    refusal: str = ""
    """Module and name of what raises an error for a request that would fail later; asked when a job is asked for."""
    role: Role = Role.ADMIN
    """What a secret key or a user needs to ask for it. One that says nothing is for those who may do everything."""

    @property
    def changes(self) -> bool:
        """Whether the audit log has a line of it: it is asked for to change something, and not by shoppers' doings."""
        return self.kind is not Kind.ANSWER and self.role not in (Role.READ, Role.EVENTS)

    def run_by(self, shop: OpenShop, request: Any, **more: Any) -> Any:
        """What it answers to whoever asks (`shop/doors/acting.py`); what they change is in the audit log with it."""
        if not self.changes:
            return self.run(shop, request, **more)
        from bottega.shop.doors.acting import changing

        with changing(shop.store, self.name, request):
            return self.run(shop, request, **more)

    @property
    def run(self) -> Callable[..., Any]:
        """The function itself."""
        found: Callable[..., Any] = self._named(self.function)
        return found

    def in_pieces(self, shop: OpenShop, request: Any) -> Any:
        """Pieces with an `event` and its `data`, one after the other; see `pieces`."""
        return self._named(self.pieces)(shop, request)

    def refuse(self, request: Shape) -> None:
        """Raise what the function would raise for these values, before anything is done."""
        if self.refusal:
            self._named(self.refusal)(request)

    def as_visitor(self, shop: OpenShop, request: Any) -> Any:
        """The request as a visitor may ask it. Raises `VisitorRefused`."""
        if not self.visitor:
            refused: Exception = self._named("bottega.shop.doors.visitors:closed_to_visitors")(self.route or self.name)
            raise refused
        return self._named(self.visitor)(shop, request)

    def as_agent(self, request: Any, name: str) -> Any:
        """The request as the person of this name asks it: nobody speaks in another's. Raises `AgentRefused`."""
        if not self.agents:
            refused: Exception = self._named("bottega.shop.doors.visitors:closed_to_agents")(self.route or self.name)
            raise refused
        return request.model_copy(update={"agent": name})

    @property
    def takes(self) -> type[Shape]:
        """The shape of its request."""
        found: type[Shape] = self._named(self.request)
        return found

    @property
    def gives(self) -> type[Shape]:
        """The shape of its answer."""
        found: type[Shape] = self._named(self.answer)
        return found

    @property
    def method(self) -> str:
        return self.route.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.route.partition(" ")[2]

    def _named(self, place: str) -> Any:
        module, _, name = place.rpartition(":")
        module = module or self.function.partition(":")[0]
        return getattr(import_module(module if module.startswith("bottega.") else f"bottega.actions.{module}"), name)
