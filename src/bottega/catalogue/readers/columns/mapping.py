"""`--map field=column,...`: which column of a file becomes which field of a product.

title=productDisplayName             one column
category=masterCategory+subCategory  several: levels of the category, else joined by a blank
images=images/{id}.jpg               a template: {column} stands for that column's value
brand:=Acme                          the same text for every row (brand:= alone leaves the field empty)
attr.color=baseColour                an attribute of that name
attributes=season+usage              several attributes, named as their columns
title="Name, long"                   quotes around names that hold , + = or {
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field

from bottega.errors import MappingInvalid
from bottega.sources.columns import name_of

__all__ = ["FIELDS", "Bound", "Listed", "Mapping", "Part", "bind", "parse_mapping", "written"]

FIELDS = (
    "id", "group_id", "title", "description", "brand", "category", "price", "sale_price", "list_price", "sale_period",
    "sale_from", "sale_to", "currency", "availability", "hidden", "images", "url", "updated_at",
)  # fmt: skip
"""Fields that --map sets, besides attr.NAME and attributes."""

_ATTRIBUTE = "attr."
_ALL = "attributes"
_HOLES = re.compile(r"\{([^{}]*)\}")
_HELP = "Fields are " + ", ".join(FIELDS) + ", attr.NAME and attributes (for example title=Name,category=Group+Type)."


class Listed(str):
    """A cell that came as a list: its text, for fields that hold one, and the entries as they are.

    >>> Listed.of(["a|b", "c"]), Listed.of(["a|b", "c"]).entries
    ('a|b|c', ('a|b', 'c'))
    """

    entries: tuple[str, ...]

    @classmethod
    def of(cls, entries: Sequence[str]) -> Listed:
        """The cell of these entries."""
        cell = cls("|".join(entries))
        cell.entries = tuple(entries)
        return cell


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a field's value: one column, or a template of texts and columns in turn.

    `pieces[0::2]` are texts, `pieces[1::2]` are columns; `column` is set when it is a column and nothing else.
    """

    pieces: tuple[str, ...]
    column: str = ""

    @classmethod
    def of(cls, column: str) -> Part:
        """The part that is just a column."""
        return cls(("", column, ""), column)

    @property
    def columns(self) -> tuple[str, ...]:
        return self.pieces[1::2]

    def entries(self, row: AnyMapping[str, str]) -> tuple[str, ...] | None:
        """The entries of a list, where this is a column and its cell came as one: nothing in them is split."""
        cell = row.get(self.column) if self.column else None
        return tuple(entry.strip() for entry in cell.entries) if isinstance(cell, Listed) else None

    def value(self, row: AnyMapping[str, str]) -> str:
        """The text for a row; a template whose columns are all empty there is empty."""
        if self.column:
            return row.get(self.column, "").strip()
        values = [row.get(column, "").strip() for column in self.columns]
        if values and not any(values):
            return ""
        filled = [self.pieces[0]]
        for value, text in zip(values, self.pieces[2::2], strict=True):
            filled += (value, text)
        return "".join(filled)


@dataclass(frozen=True, slots=True)
class Mapping:
    """What was written after --map: field (or attr.NAME) to what follows its sign, before any column is known."""

    entries: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.entries or self.constants)


@dataclass(frozen=True, slots=True)
class Bound:
    """A mapping that has met the columns of a file."""

    fields: dict[str, tuple[Part, ...]]
    attributes: dict[str, tuple[Part, ...]]
    used: frozenset[str]
    shown: tuple[str, ...] = ()
    """Columns that say whether a product is shown; one that says no hides it."""


def parse_mapping(given: str | AnyMapping[str, str] | None) -> Mapping:
    """Read the text of --map, or a dict of the same entries. Raises `MappingInvalid`, naming the entry."""
    if not given:
        return Mapping()
    pairs: list[tuple[str, str, bool]] = []
    if isinstance(given, str):
        for entry in _split(given, ","):
            if not entry.strip():
                continue
            name, sign, value = entry.partition("=")
            if not sign or not name.strip(" :"):
                raise MappingInvalid(
                    f"--map has {entry.strip()!r}, which has no '='.", allowed="Each entry is field=column. " + _HELP
                )
            pairs.append((name.strip().removesuffix(":").strip(), value.strip(), name.rstrip().endswith(":")))
    else:
        pairs = [(name.strip().removesuffix(":"), value, name.rstrip().endswith(":")) for name, value in given.items()]
    mapping = Mapping()
    for name, value, constant in pairs:
        _check_field(name)
        if name in mapping.entries or name in mapping.constants:
            raise MappingInvalid(
                f"--map sets {name!r} twice.", next_step=f"Join columns with '+', as in {name}=first+second."
            )
        if constant:
            mapping.constants[name] = _unquote(value)
        elif not value:
            raise MappingInvalid(
                f"--map leaves {name!r} without a column.",
                next_step=f"Write {name}=column, or {name}:= to leave the field empty.",
            )
        else:
            mapping.entries[name] = value
    return mapping


def bind(mapping: Mapping, columns: Sequence[str]) -> Bound:
    """Resolve every column a mapping names. Raises `MappingInvalid`, naming the nearest columns."""
    fields: dict[str, tuple[Part, ...]] = {}
    attributes: dict[str, tuple[Part, ...]] = {}
    for name, value in mapping.constants.items():
        part = Part((value,))
        if name.startswith(_ATTRIBUTE):
            attributes[name_of(name.removeprefix(_ATTRIBUTE))] = (part,)
        else:
            fields[name] = (part,)
    for name, value in mapping.entries.items():
        parts = tuple(_part(piece, name, columns) for piece in _pieces(value, columns))
        if name == _ALL:
            for part in parts:
                attributes["_".join(name_of(column) for column in part.columns)] = (part,)
        elif name.startswith(_ATTRIBUTE):
            attributes[name_of(name.removeprefix(_ATTRIBUTE))] = parts
        else:
            fields[name] = parts
    every = [part for parts in (*fields.values(), *attributes.values()) for part in parts]
    return Bound(fields, attributes, frozenset(column for part in every for column in part.columns))


def written(field: str, column: str) -> str:
    """One entry of `--map`, as it is written.

    >>> written("title", "Name"), written("price", "Price, gross")
    ('title=Name', 'price="Price, gross"')
    """
    return f'{field}="{column}"' if re.search(r"[,+={}]", column) else f"{field}={column}"


def _check_field(name: str) -> None:
    if name in FIELDS or name == _ALL or (name.startswith(_ATTRIBUTE) and name_of(name.removeprefix(_ATTRIBUTE))):
        return
    near = difflib.get_close_matches(name, (*FIELDS, _ALL), n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise MappingInvalid(
        f"--map names the field {name!r}, which products do not have.",
        allowed=_HELP,
        next_step=f"{hint}Write attr.{name_of(name) or 'name'}=... to keep it as an attribute.",
    )


def _pieces(value: str, columns: Sequence[str]) -> list[str]:
    return [value] if value in columns else [piece.strip() for piece in _split(value, "+")]


def _part(piece: str, field_name: str, columns: Sequence[str]) -> Part:
    if "{" in piece and piece not in columns and not piece.startswith('"'):
        texts = _HOLES.split(piece)
        for place in range(1, len(texts), 2):
            texts[place] = _column(texts[place], field_name, columns)
        return Part(tuple(texts))
    return Part.of(_column(_unquote(piece), field_name, columns))


def _column(name: str, field_name: str, columns: Sequence[str]) -> str:
    if name in columns:
        return name
    folded = {name_of(column): column for column in columns}
    if (key := name_of(name)) and key in folded:
        return folded[key]
    near = difflib.get_close_matches(name, columns, n=2, cutoff=0.5)
    raise MappingInvalid(
        f"--map takes {field_name} from the column {name!r}, which the file does not have.",
        allowed=f"Its columns are: {', '.join(columns)}.",
        next_step=f"Did you mean {' or '.join(near)}?" if near else "",
    )


def _split(text: str, mark: str) -> list[str]:
    """Split at `mark`, except inside double quotes and braces."""
    return re.findall(rf'(?:"[^"]*"|\{{[^}}]*\}}|[^{re.escape(mark)}])+', text)


def _unquote(text: str) -> str:
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == '"' else text
