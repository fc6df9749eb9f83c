"""Changes of synonyms: listed with who made them, and taken back. The next search in every process heeds it."""

from __future__ import annotations

from bottega.actions.put_back import put_back
from bottega.actions.search.synonym_shapes import (
    SynonymHistoryAnswer,
    SynonymHistoryRequest,
    SynonymVersionInfo,
    UndoSynonymAnswer,
    UndoSynonymRequest,
)
from bottega.errors import SynonymUnknown
from bottega.languages.synonyms import Synonym
from bottega.shop.open_shop import OpenShop
from bottega.shop.synonyms import keep_synonyms, remove_synonyms
from bottega.store.kept_versions import KeptVersion

__all__ = ["synonym_history", "undo_synonym"]


def synonym_history(shop: OpenShop, request: SynonymHistoryRequest) -> SynonymHistoryAnswer:
    """A page of the changes, the newest first; with `number` those of one entry. Raises `SynonymUnknown`."""
    if request.number is None:
        found = shop.store.synonyms.history.changes(before=request.before, limit=request.n + 1)
    else:
        found = [
            one for one in _versions(shop, request.number) if request.before is None or one.number < request.before
        ]
    holds = {one.number for one in shop.store.synonyms.all()}
    page = found[: request.n]
    return SynonymHistoryAnswer(
        versions=[
            SynonymVersionInfo.model_validate(
                {
                    **(one.state or {"words": [], "means": []}),
                    "number": one.number,
                    "about": one.name[2:],
                    "removed": one.state is None,
                    "holds": one.number in holds,
                    "time_ms": one.time_ms,
                    "who": one.who,
                }
            )
            for one in page
        ],
        next=page[-1].number if len(found) > len(page) else None,
    )


def undo_synonym(shop: OpenShop, request: UndoSynonymRequest) -> UndoSynonymAnswer:
    """Put back what was said before the last change of an entry, or the version named. Raises `SynonymUnknown`."""
    versions = _versions(shop, request.number)
    found = put_back(
        versions,
        request.version,
        called=f"Entry {request.number}",
        shown_by="bottega synonyms history",
        unknown=SynonymUnknown,
    )
    if found is not None and found.state is not None:
        keep_synonyms(shop, [Synonym(tuple(found.state["words"]), tuple(found.state["means"]))])
    else:
        remove_synonyms(shop, [one.number for one in shop.store.synonyms.all() if one.about == versions[0].name])
    now = shop.store.synonyms.history.versions(versions[0].name)[0]
    said = now.state or {}
    return UndoSynonymAnswer(
        number=now.number,
        words=said.get("words", []),
        means=said.get("means", []),
        removed=now.state is None,
        total=len(shop.store.synonyms.all()),
    )


def _versions(shop: OpenShop, number: int) -> list[KeptVersion]:
    """Of the entry that a change of this number changed."""
    about = shop.store.synonyms.history.name_of(number)
    if about is None:
        raise SynonymUnknown(
            f"There is no change {number} of synonyms, or it is kept no longer.",
            allowed="Entries are named by the number of any change of theirs.",
            next_step="See them with `bottega synonyms history` or GET /v1/synonyms/history.",
        )
    return shop.store.synonyms.history.versions(about)
