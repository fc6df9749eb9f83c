"""Propose a mapping: how a feed would be read, which column would be which field, and why; nothing is imported."""

from __future__ import annotations

from bottega.actions.intake.shapes import ColumnGuess, MappingProposal, ProposeMappingRequest
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.guessing import FieldGuess
from bottega.catalogue.readers.columns.mapping import parse_mapping, written
from bottega.catalogue.readers.registry import find_reader
from bottega.errors import ColumnMissing
from bottega.shop.open_shop import OpenShop
from bottega.sources.find import find_source

__all__ = ["as_column_guess", "propose_mapping"]


def propose_mapping(shop: OpenShop, request: ProposeMappingRequest) -> MappingProposal:
    """What an import of this file would take each column for, and a `--map` that says the same, to be corrected.

    Raises what the import would raise, except for a column that is missing: that is what a proposal is for.
    """
    mapping = parse_mapping(request.mapping)
    source = find_source(request.source, encoding=request.encoding)
    reader = find_reader(source, request.format)
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
        unused_columns=[] if missing else reading.unused_columns,
        doubts=reading.doubts,
        missing=missing,
        mapping=",".join([*_given(request.mapping), *(written(field, column) for field, column in named.items())]),
    )


def as_column_guess(guess: FieldGuess) -> ColumnGuess:
    """The same for an answer."""
    return ColumnGuess(field=guess.field, column=guess.column, sure=guess.sure, why=guess.why, taken=guess.taken)


def _given(mapping: str | dict[str, str] | None) -> list[str]:
    if isinstance(mapping, dict):
        return [f"{field}={column}" for field, column in mapping.items()]
    return [mapping] if mapping else []
