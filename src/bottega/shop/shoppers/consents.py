"""Who agreed: what shoppers said to one purpose (as a rule personalisation), in memory, in step with the store.

No request asks the store while the version of the consents is the same (`shop/versions.py`): whoever wrote one on this
machine has raised it. What was written past it comes with the next `catch_up`; either costs one small statement,
whatever the number of shoppers.
"""

from __future__ import annotations

import threading

from bottega.names import ConsentRule, Purpose
from bottega.shop.versions import ShopPart, Versions
from bottega.store.store import Store

__all__ = ["Consents", "PurposeConsents"]


class PurposeConsents:
    """Profiles that said yes or no to one purpose. Nothing is read before the first question. Thread-safe."""

    def __init__(self, store: Store, versions: Versions, rule: ConsentRule, purpose: Purpose) -> None:
        """By `rule`, silence is a yes or a no."""
        self._store = store
        self._versions = versions
        self._rule = rule
        self._purpose = purpose
        self._stamp = 0
        self._turn = threading.Lock()
        self._said: dict[str, bool] | None = None
        self._revision = 0
        self._forgotten = 0

    def agreed(self, profile: str, *others: str) -> bool:
        """Whether a profile agrees; not where one of the others named said no."""
        said = self._said
        if said is None or self._stamp != self._versions.of_part(ShopPart.CONSENTS):
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
            stamp = self._versions.of_part(ShopPart.CONSENTS)
            forgotten = self._store.shoppers.forgotten()
            anew = self._said is None or forgotten != self._forgotten
            words, revision = self._store.traits.consents_since(0 if anew else self._revision, self._purpose)
            said = {} if self._said is None or anew else self._said
            for shopper, given in words.items():
                if given is None:
                    said.pop(shopper, None)
                else:
                    said[shopper] = given
            self._said, self._revision, self._forgotten, self._stamp = said, revision, forgotten, stamp


class Consents(PurposeConsents):
    """Who may be answered personally."""

    def __init__(self, store: Store, versions: Versions, rule: ConsentRule) -> None:
        super().__init__(store, versions, rule, Purpose.PERSONALISATION)

    def personal(self, profile: str, *others: str) -> bool:
        """Whether a profile's own events may speak in its answers; not where one of the others named said no."""
        return self.agreed(profile, *others)
