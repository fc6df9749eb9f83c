"""Propose a mapping: how a feed would be read, which column would be which field, and why; nothing is imported."""

from __future__ import annotations

from contextlib import suppress

from bottega.actions.intake.shapes import ColumnGuess, MappingProposal, ProposeMappingRequest
from bottega.actions.intake.sources import Incoming, feed_to_look_at
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.guessing import FieldGuess
from bottega.catalogue.readers.columns.mapping import parse_mapping, written
from bottega.catalogue.readers.together import feed_of
from bottega.errors import BottegaError, ColumnMissing
from bottega.shop.open_shop import OpenShop
from bottega.sources.delimited import open_table
from bottega.sources.source import Source

__all__ = ["as_column_guess", "propose_mapping"]


def propose_mapping(shop: OpenShop, request: ProposeMappingRequest) -> MappingProposal:
    """What an import of this file would take each column for, and a `--map` that says the same, to be corrected.

    Raises what the import would raise, except for a column that is missing: that is what a proposal is for.
    """
    with feed_to_look_at(shop.folder, request) as incoming:
        return _proposed(shop, request, incoming)


def _proposed(shop: OpenShop, request: ProposeMappingRequest, incoming: Incoming) -> MappingProposal:
    mapping = parse_mapping(request.mapping)
    reader, (source, *_) = feed_of(incoming.sources, request.format)
    sure = 1.0 if request.format is not None else reader.recognises(source)
    reading = Reading(source, lambda problem: None, mapping, shop.settings.currency)
    missing = ""
    try:
        next(iter(reader.read(reading)), None)
    except ColumnMissing as error:
        missing = str(error)
    best: dict[str, FieldGuess] = {}
    for guess in reading.guesses:
        if guess.field not in best or guess.sure > best[guess.field].sure:
            best[guess.field] = guess
    named = {guess.field: guess.column for guess in best.values() if guess.field != "hidden"}
    return MappingProposal(
        source=source.name,
        format=reader.name,
        sure=sure,
        columns=[as_column_guess(guess) for guess in reading.guesses],
        unused_columns=_header(source, set(named.values())) if missing else reading.unused_columns,
        doubts=reading.doubts,
        missing=missing,
        mapping=",".join([*_given(request.mapping), *(written(field, column) for field, column in named.items())]),
    )


def _header(source: Source, known: set[str]) -> list[str]:
    """The columns of a table of which no field is known; none of what is no table."""
    with suppress(BottegaError), source.open_text(up_to_the_cut=True) as stream:
        return [column for column in open_table(stream, source.name, source.head).columns if column not in known]
    return []


def as_column_guess(guess: FieldGuess) -> ColumnGuess:
    """The same for an answer."""
    return ColumnGuess(field=guess.field, column=guess.column, sure=guess.sure, why=guess.why, taken=guess.taken)


def _given(mapping: str | dict[str, str] | None) -> list[str]:
    if isinstance(mapping, dict):
        return [f"{field}={column}" for field, column in mapping.items()]
    return [mapping] if mapping else []
