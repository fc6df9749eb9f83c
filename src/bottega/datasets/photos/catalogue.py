"""A folder of product photos with what is known of them: `styles.csv` and `images/<id>.jpg` become labels and arrays.

Products whose titles agree once colour words are taken out are one line: the same product in another colour. Splits
go by line, because near copies on both sides of a split would let a model look its answers up.

Shapes   N products that have a photo, P pixels a side, C classes of a head, W words.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.reading import read_photo, square
from bottega.errors import ColumnMissing, SourceUnreadable
from bottega.names import BoolArray, FloatArray, IntArray
from bottega.progress import Progress, silent

__all__ = [
    "HEAD_COLUMNS",
    "UNKNOWN",
    "PhotoCatalogue",
    "classes_of",
    "codes_of",
    "fingerprint",
    "line_names",
    "styles_of",
    "words_of",
]

HEAD_COLUMNS: Mapping[str, str] = {
    "category": "masterCategory",
    "subcategory": "subCategory",
    "type": "articleType",
    "gender": "gender",
    "color": "baseColour",
    "usage": "usage",
}
"""Head -> the column of styles.csv that holds its labels."""

UNKNOWN = -1
"""Code of a label that is not known."""

_TITLE = "productDisplayName"
_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


@dataclass(frozen=True, slots=True)
class PhotoCatalogue:
    """The rows of a catalogue that have a photo, in the order of the file."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    paths: tuple[Path, ...]
    labels: Mapping[str, tuple[str, ...]]
    """Head -> label of each row; "" where it is not known."""
    lines: IntArray
    """Product line of each row [N]."""
    colour_words: frozenset[str]
    """Words of the catalogue's colours, photo or not; no title's line is told by them."""
    without_photo: int = 0
    """Rows of the file that have no photo."""
    unread: tuple[int, ...] = ()
    """Numbers of the lines of the file that are no row: too few cells, no id, or an id that came before."""

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def read(cls, folder: Path) -> PhotoCatalogue:
        """Read `styles.csv` and find the photos; they are decoded by `photos` alone.

        Raises `SourceUnreadable` where the folder, the file or every photo is missing, and `ColumnMissing`.
        """
        rows, unread = _read_rows(folder / "styles.csv")
        photos = {path.stem: path for path in sorted((folder / "images").glob("*")) if path.suffix.lower() in _SUFFIXES}
        kept = [row for row in rows if row["id"] in photos]
        if not kept:
            raise SourceUnreadable(
                f"None of the {len(rows)} rows of {folder / 'styles.csv'} has a photo.",
                allowed="Photos are images/<id>.jpg beside styles.csv (.jpeg, .png and .webp are read, too).",
                next_step="Check that images/ is there and that its files are named by the ids of the rows.",
            )
        colours = {row["baseColour"].lower() for row in rows}
        colour_words = frozenset(word for colour in colours for word in words_of(colour))
        names = [_line_of(row[_TITLE], colour_words) or f"\n{row['id']}" for row in kept]
        return cls(
            ids=tuple(row["id"] for row in kept),
            titles=tuple(row[_TITLE] for row in kept),
            paths=tuple(photos[row["id"]] for row in kept),
            labels={head: tuple(row[column] for row in kept) for head, column in HEAD_COLUMNS.items()},
            lines=np.unique(names, return_inverse=True)[1].astype(np.int32),
            colour_words=colour_words,
            without_photo=len(rows) - len(kept),
            unread=unread,
        )

    def take(self, rows: BoolArray | NDArray[np.integer]) -> PhotoCatalogue:
        """The catalogue of these rows; lines keep their numbers."""
        places = np.arange(len(self))[rows].tolist()
        return PhotoCatalogue(
            ids=tuple(self.ids[row] for row in places),
            titles=tuple(self.titles[row] for row in places),
            paths=tuple(self.paths[row] for row in places),
            labels={head: tuple(found[row] for row in places) for head, found in self.labels.items()},
            lines=self.lines[places],
            colour_words=self.colour_words,
        )

    def split_lines(self, share: float, rng: np.random.Generator) -> tuple[BoolArray, BoolArray]:
        """Masks [N] of rows to learn from and of rows held out: whole lines, drawn until `share` of the rows is."""
        assert 0 < share < 1
        lines, sizes = np.unique(self.lines, return_counts=True)
        order = rng.permutation(len(lines))
        before = np.cumsum(sizes[order]) - sizes[order]
        held_out = np.isin(self.lines, lines[order[before < share * len(self)]])
        return ~held_out, held_out

    def photos(self, px: int, *, progress: Progress = silent) -> NDArray[np.uint8]:
        """All photos [N, P, P, 3], decoded anew at each call. Raises `PhotoRefused` with the name of a bad one."""
        found = np.empty((len(self), px, px, 3), dtype=np.uint8)
        for row, path in enumerate(self.paths):
            found[row] = square(read_photo(path), px)
            if row % 64 == 63 or row == len(self) - 1:
                progress("reading photos", row + 1, len(self))
        return found

    def frequent_words(self, *, least: int = 15, most: int = 400, share: float = 0.5) -> tuple[str, ...]:
        """Words of 3 letters or more in at least `least` titles and at most `share` of them; the `most` commonest."""
        counts = Counter(word for title in self.titles for word in set(words_of(title)))
        fit = [
            word for word, n in counts.items() if least <= n <= share * len(self) and len(word) > 2 and word.isalpha()
        ]
        return tuple(sorted(fit, key=lambda word: (-counts[word], word))[:most])

    def word_marks(self, words: Sequence[str]) -> FloatArray:
        """1 where a title holds a word, else 0 [N, W]."""
        place = {word: column for column, word in enumerate(words)}
        marks = np.zeros((len(self), len(words)), dtype=np.float32)
        for row, title in enumerate(self.titles):
            marks[row, [place[word] for word in words_of(title) if word in place]] = 1.0
        return marks


def words_of(text: str) -> list[str]:
    """Words in small letters, in order.

    >>> words_of("Levi's Men 511, Navy-Blue")
    ["levi's", 'men', '511', 'navy', 'blue']
    """
    return re.findall(r"[^\W_](?:[^\W_]|'(?=\w))*", text.lower().replace("\u2019", "'"))


def classes_of(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels that occur, sorted; unknown is not one.

    >>> classes_of(["b", "", "a", "b"])
    ('a', 'b')
    """
    return tuple(sorted({label for label in labels if label}))


def codes_of(labels: Sequence[str], classes: Sequence[str]) -> IntArray:
    """The place of each label among the classes [N], `UNKNOWN` where it is none of them.

    >>> codes_of(["b", "", "c"], ("a", "b")).tolist()
    [1, -1, -1]
    """
    place = {name: code for code, name in enumerate(classes)}
    return np.array([place.get(label, UNKNOWN) for label in labels], dtype=np.int32)


def styles_of(folder: Path) -> dict[str, dict[str, str]]:
    """Id -> label by head, and the title, of every row of styles.csv, photo or not."""
    rows, _ = _read_rows(folder / "styles.csv")
    return {
        row["id"]: {head: row[column] for head, column in HEAD_COLUMNS.items()} | {"title": row[_TITLE]} for row in rows
    }


def line_names(styles: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Id -> what all products of its line have in common, of the rows of a whole catalogue."""
    colours = frozenset(word for row in styles.values() for word in words_of(row["color"]))
    return {name: _line_of(row["title"], colours) or f"\n{name}" for name, row in styles.items()}


def fingerprint(ids: Sequence[str]) -> str:
    """16 letters that tell one set of products from another, in whatever order they come.

    >>> fingerprint(["2", "10"]) == fingerprint(["10", "2"]) != fingerprint(["21", "0"])
    True
    """
    return sha256("\n".join(sorted(ids)).encode()).hexdigest()[:16]


def _line_of(title: str, colour_words: frozenset[str]) -> str:
    return " ".join(word for word in words_of(title) if word not in colour_words)


def _read_rows(path: Path) -> tuple[list[dict[str, str]], tuple[int, ...]]:
    """Rows with every column needed, and the numbers of the lines that are none.

    Each line is read by itself, so that a stray quote costs one title and not the rest of the file; cells beyond the
    header belong to the last column, the title, whose commas nobody quoted.
    """
    needed = ["id", *HEAD_COLUMNS.values(), _TITLE]
    lines = _lines(path)
    header = [name.strip().strip("\ufeff") for name in next(csv.reader([next(lines, "")]), [])]
    if missing := [name for name in needed if name not in header]:
        raise ColumnMissing(
            f"{path} has no column {', '.join(missing)}.",
            allowed=f"It needs the columns {', '.join(needed)}; others are left alone.",
            next_step="Name the columns like this in the first line, separated by commas.",
        )
    rows: dict[str, dict[str, str]] = {}
    unread, last = [], len(header) - 1
    for number, line in enumerate(lines, start=2):
        if not line.strip():
            continue
        cells = next(csv.reader([line]))
        cells[last:] = [",".join(cells[last:])] if len(cells) > last else []
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        if len(cells) < len(header) or not row["id"] or row["id"] in rows:
            unread.append(number)
            continue
        rows[row["id"]] = {name: "" if row[name] == "NA" and name != "id" else row[name] for name in needed}
    return list(rows.values()), tuple(unread)


def _lines(path: Path) -> Iterator[str]:
    try:
        yield from path.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    except OSError as error:
        raise SourceUnreadable(
            f"{path} cannot be read ({error.strerror or error}).",
            allowed="A folder of product photos holds styles.csv and images/<id>.jpg.",
            next_step="Check the path of the folder.",
        ) from error
