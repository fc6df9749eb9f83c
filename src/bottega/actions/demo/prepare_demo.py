"""Prepare the demo: a shop that is drawn, simulated, imported and trained, ready to be served.

Every step is left out when an earlier run has done it, so that a second start is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bottega.actions.demo.write_demo import write_demo
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.import_report import ImportReport
from bottega.actions.recommend.evaluate import evaluate
from bottega.actions.recommend.train import train
from bottega.evaluation.report import EvaluationReport
from bottega.models.recommend.registry import QUICK
from bottega.progress import Progress, silent
from bottega.settings import SETTINGS_FILE
from bottega.shop.folder import ShopFolder
from bottega.shop.looking import look_at_catalogue
from bottega.store.runs import ModelRun

__all__ = ["DemoReport", "prepare_demo"]

_SETTINGS = """\
# The demo shop. docs/settings.md lists what can stand here.
currency = "EUR"
storefront = true
"""


@dataclass(frozen=True)
class DemoReport:
    """What was done; None where it had been done before."""

    catalogue: ImportReport | None
    events: ImportReport | None
    run: ModelRun | None
    evaluation: EvaluationReport | None


def prepare_demo(folder: Path, *, progress: Progress = silent) -> DemoReport:
    """Bring the demo shop in `folder` to where it can be served: files, catalogue, looks, events, model, evaluation."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / SETTINGS_FILE).exists():
        (folder / SETTINGS_FILE).write_text(_SETTINGS)
    with ShopFolder.open(folder) as shop:
        return _prepare(shop, progress)


def _prepare(shop: ShopFolder, progress: Progress) -> DemoReport:
    if shop.store.runs.latest() is not None:
        return DemoReport(None, None, None, None)
    files = write_demo(shop.root / "feed", progress=progress)
    catalogue = import_catalogue(shop, files.catalogue, progress=progress)
    look_at_catalogue(shop, progress=progress)
    return DemoReport(
        catalogue=catalogue,
        events=import_events(shop, files.events, progress=progress),
        evaluation=evaluate(shop, models=QUICK, html=shop.root / "evaluation.html", progress=progress),
        run=train(shop, progress=progress),
    )
