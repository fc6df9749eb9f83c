"""The card of one model: what it learnt from, how well it did, which challenge chose it, as far as that is kept."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from pydantic import Field

from bottega.actions.running.model_shapes import ModelCardRequest
from bottega.actions.running.models import ListedModel, ModelsRequest, list_models
from bottega.errors import ModelMissing
from bottega.models.blocks.cards import read_card
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Shape
from bottega.shop.trained.judgements import JudgementInfo, judgement_of
from bottega.texts import shown

__all__ = ["ModelCard", "show_model"]


class ModelCard(Shape):
    """What is kept of one model; null, or empty, is what nobody wrote down."""

    model: ListedModel
    products: int | None = Field(description="Products that it learnt of.")
    events_seen: int | None = Field(description="Events that it learnt from.")
    shoppers: int | None = Field(description="Shoppers that it learnt from.")
    events_until: str | None = Field(description="When the newest of these events happened; ISO 8601, UTC.")
    seconds: float | None = Field(description="How long its training took.")
    peak_mb: float | None = Field(description="The most memory that it took, in MB of 2^20 bytes.")
    seed: int | None
    trained_on: dict[str, str] = Field(description="Data set -> what of it.")
    measures: dict[str, Any] = Field(description="What was measured on what it did not learn from.")
    limits: list[str] = Field(description="What it is not for.")
    judgement: JudgementInfo | None = Field(description="The challenge that it came out of; null where there was none.")


def show_model(shop: OpenShop, request: ModelCardRequest) -> ModelCard:
    """One model's card, with the numbers of its training and the challenge that chose it. Raises `ModelMissing`."""
    listed = list_models(shop, ModelsRequest()).models
    mine = [one for one in listed if one.ability == request.ability]
    chosen = (one for one in mine if (one.in_use if request.version is None else one.version == request.version))
    model = next(chosen, None)
    if model is None:
        named = f"{request.ability}{'' if request.version is None else f' {request.version}'}"
        raise ModelMissing(
            f"There is no model {shown(named)}.",
            allowed=f"Models of {request.ability}: {', '.join(one.version for one in mine[:20])}."
            if mine
            else f"Abilities are {', '.join(dict.fromkeys(one.ability for one in listed))}.",
            next_step="Choose one of them; `bottega models` lists all.",
        )
    used = {(one.ability, one.version): one for one in shop.models.in_use()}.get((model.ability, model.version))
    of_runs = model.ability if used is None else used.of_runs
    own = model.origin == "own"
    runs = reversed(shop.store.runs.all())
    run = next((one for one in runs if own and (one.ability, one.version) == (of_runs, model.version)), None)
    folder = shop.folder.of_run(run.folder) if run is not None else used.folder if used is not None else None
    card = {} if folder is None else read_card(folder)
    until_ms = None if run is None else run.events_until_ms
    limits = card.get("limits") or []
    return ModelCard(
        model=model,
        products=None if run is None else run.products,
        events_seen=None if run is None else run.events_seen,
        shoppers=None if run is None else run.shoppers,
        events_until=None
        if until_ms is None
        else datetime.fromtimestamp(until_ms / 1000, UTC).isoformat("T", "seconds"),
        seconds=card.get("train_s") if run is None else run.seconds,
        peak_mb=None if run is None else run.peak_mb,
        seed=card.get("seed"),
        trained_on={name: str(what) for name, what in (card.get("trained_on") or {}).items()},
        measures=_defined((run.measures if run is not None else {}) or card.get("measures") or {}),
        limits=[limits] if isinstance(limits, str) else [str(one) for one in limits],
        judgement=judgement_of(shop.store, model.version) if own else None,
    )


def _defined(measures: dict[str, Any]) -> dict[str, Any]:
    """The same without figures that are none, which JSON has no word for."""
    return {
        name: _defined(value) if isinstance(value, dict) else value
        for name, value in measures.items()
        if not (isinstance(value, float) and not math.isfinite(value))
    }
