"""Do what a job asks for: the verb, with paths in their place, and an answer that a row can hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic_core import to_jsonable_python

from bottega.actions.jobs.ask import path_fields, placed
from bottega.actions.verbs import verb
from bottega.progress import Progress, silent
from bottega.shop.marks import marked
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import RunInfo, Shape
from bottega.store.jobs import Job

__all__ = ["perform"]


def perform(shop: OpenShop, job: Job, *, progress: Progress = silent) -> dict[str, Any]:
    """The answer of the job's verb, as JSON. Raises what the verb raises.

    What an earlier attempt completed counts: a training that was recorded before its worker was killed is not made
    twice, an import adds only what is not there yet.
    """
    one, root = verb(job.verb), shop.folder.root
    if issubclass(one.gives, RunInfo):
        for run in shop.folder.store.runs.all():
            if run.version == job.mark:
                return _as_json(one.gives.model_validate(run, from_attributes=True), root)
    paths = {name: placed(shop.folder, job.request[name]) for name in path_fields(one.takes) if job.request.get(name)}
    with marked(job.mark):
        answer = one.run(shop, one.takes.model_validate({**job.request, **paths}), progress=progress)
    return _as_json(answer, root)


def _as_json(answer: Shape, root: Path) -> dict[str, Any]:
    plain: dict[str, Any] = to_jsonable_python(_told_from(root, answer.model_dump()), inf_nan_mode="null")
    return plain


def _told_from(root: Path, value: Any) -> Any:
    """The value with paths inside the shop's folder told from there: where that lies is nobody's business."""
    if isinstance(value, Path):
        return str(value.relative_to(root) if value.is_relative_to(root) else value)
    if isinstance(value, dict):
        return {name: _told_from(root, inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_told_from(root, inner) for inner in value]
    return value
