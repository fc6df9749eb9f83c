"""Models: those in use and those trained before, with what their cards say they were held to."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from bottega.models.blocks.cards import read_card
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Shape
from bottega.shop.trained.judgements import DriftInfo, JudgementInfo, newest_drift, newest_judgement
from bottega.shop.trained.models_in_use import ModelInUse
from bottega.store.runs import ROLLED_BACK

__all__ = ["Bar", "ListedModel", "ModelsAnswer", "ModelsRequest", "list_models"]


class ModelsRequest(Shape):
    """Which models there are."""


class Bar(Shape):
    """What a measure was held to when the model was made."""

    measure: str
    value: float
    aim: float
    met: bool


class ListedModel(Shape):
    """One model."""

    name: str
    ability: str = Field(description="What it can do; of each ability one model is in use.")
    room: str
    version: str
    origin: Literal["own", "shipped"] = Field(description="own: the shop trained it. shipped: it came with Bottega.")
    in_use: bool
    rolled_back: bool
    why: str = Field(description="Why it is in use, or why it is not.")
    trained_at: str | None = Field(description="ISO 8601, UTC; null where the card does not say.")
    age_days: float | None
    size_mb: float = Field(description="Its files, in MB of 10^6 bytes.")
    bars: list[Bar]


class ModelsAnswer(Shape):
    """Models in use first, then those that newer ones replaced, the newest first; and how they are kept good."""

    models: list[ListedModel]
    train_schedule: str = Field(description="When a challenger is trained, on the shop's clock; off: never.")
    judgement: JudgementInfo | None = Field(description="What became of the newest challenger.")
    drift: DriftInfo | None = Field(
        description="How far the shop has moved from the training period, at the last look."
    )


def list_models(shop: OpenShop, request: ModelsRequest) -> ModelsAnswer:
    """Every model that answers now, the shop's own and the shipped, and every training that is still kept."""
    used = [
        _listed(
            ability=one.ability,
            room=one.room,
            name=one.name,
            version=one.version,
            origin=one.origin,
            in_use=True,
            rolled_back=False,
            why=_why_in_use(shop, one),
            trained_at_ms=one.trained_at_ms,
            bars=one.bars,
            folder=one.folder,
        )
        for one in shop.models.in_use()
    ]
    versions = {(one.ability, one.version) for one in used}
    older = [
        _listed(
            ability=run.ability,
            room=run.room,
            name=run.name,
            version=run.version,
            origin="own",
            in_use=False,
            rolled_back=run.state == ROLLED_BACK,
            why="rolled back" if run.state == ROLLED_BACK else "a newer one took its place",
            trained_at_ms=run.trained_at_ms,
            bars=read_card(shop.folder.of_run(run.folder)).get("bars", {}),
            folder=shop.folder.of_run(run.folder),
        )
        for run in reversed(shop.folder.store.runs.all())
        if (run.ability, run.version) not in versions
    ]
    settings = shop.settings
    when = settings.train_schedule if settings.train_schedule == "off" else f"{settings.train_schedule} {settings.zone}"
    return ModelsAnswer(
        models=used + older, train_schedule=when, judgement=newest_judgement(shop.store), drift=newest_drift(shop.store)
    )


def _why_in_use(shop: OpenShop, one: ModelInUse) -> str:
    if one.origin == "shipped":
        return "comes with Bottega"
    judgement = shop.store.judgements.of(one.version)
    why = "trained by hand" if judgement is None else str(judgement.report["why"])
    undone = shop.store.runs.rolled_back(one.of_runs)
    return why if undone is None else f"{why}; back since version {undone.version} was rolled back"


def _listed(
    *, trained_at_ms: int | None, bars: Mapping[str, Mapping[str, Any]], folder: Path, **fields: Any
) -> ListedModel:
    age = None if trained_at_ms is None else round((time.time() - trained_at_ms / 1000) / 86_400, 2)
    made = (
        None if trained_at_ms is None else datetime.fromtimestamp(trained_at_ms / 1000, UTC).isoformat("T", "seconds")
    )
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.exists() else 0
    return ListedModel(
        trained_at=made,
        age_days=age,
        size_mb=round(size / 1e6, 2),
        bars=[Bar(measure=name, value=bar["value"], aim=bar["bar"], met=bar["met"]) for name, bar in bars.items()],
        **fields,
    )
