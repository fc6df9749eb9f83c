"""Who may be answered personally: what shoppers said to personalisation, in memory, kept in step with the store.

No request asks the store. This process's own words are here when they are stored, those of other processes with the
next `catch_up`; both cost one small statement, whatever the number of shoppers.
"""

from __future__ import annotations

import threading

from bottega.names import ConsentRule, Purpose
from bottega.store.store import Store

__all__ = ["Consents"]


class Consents:
    """Profiles that said yes or no. Nothing is read before the first question. Safe to call from several threads."""

    def __init__(self, store: Store, rule: ConsentRule) -> None:
        self._store = store
        self._rule = rule
        self._turn = threading.Lock()
        self._said: dict[str, bool] | None = None
        self._revision = 0
        self._forgotten = 0

    def personal(self, profile: str, *others: str) -> bool:
        """Whether a profile's own events may speak in its answers; not where one of the others named said no."""
        said = self._said
        if said is None:
            self.catch_up(first=True)
            said = self._said
            assert said is not None
        if any(said.get(other) is False for other in others):
            return False
        given = said.get(profile)
        return given is True if self._rule == "asked" else given is not False

    def catch_up(self, *, first: bool = False) -> None:
        """Take in what was said since; nothing where nobody has asked yet, but for the `first` question."""
        with self._turn:
            if self._said is None and not first:
                return
            forgotten = self._store.shoppers.forgotten()
            anew = self._said is None or forgotten != self._forgotten
            words, revision = self._store.traits.consents_since(0 if anew else self._revision, Purpose.PERSONALISATION)
            said = {} if self._said is None or anew else self._said
            for shopper, given in words.items():
                if given is None:
                    said.pop(shopper, None)
                else:
                    said[shopper] = given
            self._said, self._revision, self._forgotten = said, revision, forgotten
