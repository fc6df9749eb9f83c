"""Recommend to all: a list for every shopper, as a file for whoever sends mails or fills a warehouse.

Each list is the one that an answer would have given. Shoppers are cut into portions by name, which a crew makes; each
portion becomes a file beside `out` at once, so that a run that was stopped goes on where it was, and memory holds a
few portions however many shoppers there are. At last the parts become one file, row group by row group.
"""

from __future__ import annotations

import io
import json
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from bottega import __version__
from bottega.actions.recommend.recommend import recommend_fields
from bottega.actions.recommend.shapes import RecommendAllAnswer, RecommendAllRequest, RecommendationRequest
from bottega.errors import BottegaError, CatalogueEmpty, InputError, RequestInvalid, disk_full
from bottega.models.recommend.registry import recommender_class
from bottega.parallel.crew import Crew, in_order
from bottega.progress import Progress, silent
from bottega.shop.floor import DEFAULT_STRATEGY
from bottega.shop.open_shop import OpenShop

__all__ = ["COLUMNS", "recommend_all", "refuse_place"]

COLUMNS: dict[str, Any] = {
    "shopper": pl.String,
    "rank": pl.Int32,
    "product_id": pl.String,
    "score": pl.Float64,
    "source": pl.String,
    "reason": pl.String,
    "fallback": pl.String,
    "model": pl.String,
}
"""Of the file; what they mean is in docs/commands.md."""
SHOPPERS_A_PORTION = 250
ROWS_A_GROUP = 50_000
_WAITING = 4
"""Portions for each hand of the crew that are under way, or made and not written yet."""
_ASKED = "asked.json"


@dataclass(frozen=True, slots=True)
class _Portion:
    """Shoppers from one name on, up to another or to the end."""

    number: int
    first: str
    before: str | None


class _Lists:
    """What all portions need. The shop is opened by every process for itself."""

    def __init__(self, shop: OpenShop, request: RecommendAllRequest, now_ms: int) -> None:
        self.root, self.request, self.now_ms = shop.folder.root, request, now_ms
        self._shop: OpenShop | None = shop

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_shop": None}

    @property
    def shop(self) -> OpenShop:
        if self._shop is None:
            self._shop = OpenShop.open(self.root, threads=1)
        return self._shop


def recommend_all(
    shop: OpenShop, request: RecommendAllRequest, *, progress: Progress = silent, now_ms: int | None = None
) -> RecommendAllAnswer:
    """Write a list for every shopper of whom there is an event, by name; the file is put there when it is whole.

    A run that was stopped goes on where it was, if it is asked for the same of the same model. `now_ms`: when lists
    are made for, UTC; by default this one, or that of the run that goes on. Raises `RequestInvalid`,
    `ModelUnknown`, `CatalogueEmpty`, `CrewUnavailable`, `DiskFull`, and `InputError` for a place that cannot be
    written to.
    """
    started = time.monotonic()
    refuse_place(request)
    with shop.floor() as floor:
        if not len(floor.shelf):
            raise CatalogueEmpty("The shop has no products.", next_step="Import some: `bottega import catalogue FILE`.")
        floor.strategy(request.strategy)
        asked = _asked(request, floor.info.version)
    parts = request.out.with_name(f"{request.out.name}.parts")
    with _writing(request.out):
        starts, moment_ms = _begin(shop, parts, asked, now_ms)
        portions = [_Portion(n, *ends) for n, ends in enumerate(zip(starts, [*starts[1:], None], strict=False))]
        left = [portion for portion in portions if not _part(parts, portion).exists()]
        crew = Crew.of(shop.folder.server)
        made = in_order(
            _lists,
            left,
            _Lists(shop, request, moment_ms),
            crew,
            task="making lists",
            called=lambda portion: f"from {portion.first}",
            ahead=_WAITING * max(crew.processes, 1) if not crew.ray else None,
            progress=progress,
        )
        for portion, table in zip(left, made, strict=True):
            _put(_part(parts, portion), table)
        shoppers, rows, fallbacks = _join([_part(parts, portion) for portion in portions], request.out)
        shutil.rmtree(parts)
    return RecommendAllAnswer(
        path=request.out,
        shoppers=shoppers,
        rows=rows,
        fallbacks=fallbacks,
        resumed=len(portions) - len(left),
        portions=len(portions),
        seconds=round(time.monotonic() - started, 2),
    )


def refuse_place(request: RecommendAllRequest) -> None:
    """Raise for a file of another kind than can be written, and for a recommender that does not exist."""
    if request.out.suffix.lower() not in (".parquet", ".csv"):
        raise RequestInvalid(
            f"The lists are to be written to {request.out.name!r}.",
            allowed="A file of lists ends in .parquet or .csv.",
            next_step="Name it so with --out.",
        )
    if request.strategy not in (None, DEFAULT_STRATEGY):
        recommender_class(request.strategy or "")


def _lists(portion: _Portion, lists: _Lists, progress: Progress) -> bytes:
    """The lists of a portion, as a Parquet file."""
    shop, request = lists.shop, lists.request
    shoppers = shop.store.events.shoppers_from(portion.first, portion.before)
    requests = [RecommendationRequest(shopper=name, n=request.n, strategy=request.strategy) for name in shoppers]
    rows: list[tuple[Any, ...]] = []
    for name, answer in zip(shoppers, recommend_fields(shop, requests, now_ms=lists.now_ms), strict=True):
        if isinstance(answer, BottegaError):
            raise answer
        of_all = answer["fallback"], answer["model"]["version"]
        for item in answer["items"]:
            reason = item["reasons"][0]["text"] if item["reasons"] else None
            rows.append((name, item["rank"], item["product_id"], item["score"], item["source"], reason, *of_all))
    out = io.BytesIO()
    pl.DataFrame(rows, schema=COLUMNS, orient="row").write_parquet(out)
    return out.getvalue()


def _asked(request: RecommendAllRequest, version: str) -> dict[str, Any]:
    return request.model_dump(mode="json") | {"model": version, "bottega": __version__}


def _begin(shop: OpenShop, parts: Path, asked: dict[str, Any], now_ms: int | None) -> tuple[Sequence[str], int]:
    """The first name of each portion and the moment that lists are made for: those of a run to go on with, or new."""
    path = parts / _ASKED
    if path.exists():
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["asked"] == asked and now_ms in (None, kept["now_ms"]):
            return kept["starts"], kept["now_ms"]
        shutil.rmtree(parts)
    parts.mkdir(parents=True, exist_ok=True)
    starts = shop.store.events.every_shopper(SHOPPERS_A_PORTION)
    now_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    _put(path, json.dumps({"asked": asked, "starts": starts, "now_ms": now_ms}).encode())
    return starts, now_ms


def _part(parts: Path, portion: _Portion) -> Path:
    return parts / f"{portion.number:07d}.parquet"


def _put(path: Path, content: bytes) -> None:
    """The whole file, or none."""
    work = path.with_suffix(".work")
    work.write_bytes(content)
    work.replace(path)


def _join(parts: Sequence[Path], out: Path) -> tuple[int, int, dict[str, int]]:
    """One file of all parts; how many shoppers and rows, and how many shoppers' lists had which fallback."""
    lists = pl.scan_parquet(list(parts)) if parts else pl.LazyFrame(schema=COLUMNS)
    work = out.with_name(f".{out.name}.work")
    if out.suffix.lower() == ".csv":
        lists.sink_csv(work)
    else:
        lists.sink_parquet(work, row_group_size=ROWS_A_GROUP)
    work.replace(out)
    rows = lists.select(pl.len()).collect().item()
    counted = lists.filter(pl.col("rank") == 1).group_by("fallback").len().collect()
    by_fallback = dict(counted.sort("fallback").iter_rows())
    return sum(by_fallback.values()), rows, {name: count for name, count in by_fallback.items() if name is not None}


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    try:
        out.absolute().parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        if full := disk_full(error):
            raise full from error
        raise InputError(
            f"{out} cannot be written: {error.strerror or error}.", next_step="Name another place with --out."
        ) from error
