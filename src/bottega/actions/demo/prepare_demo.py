"""Prepare the demo: a shop that is drawn, simulated, imported and trained, ready to be served.

Every step is left out when an earlier run has done it, so that a second start is quick.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from bottega.actions.demo.write_demo import write_demo
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.import_shoppers import import_shoppers
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest, ImportShoppersRequest
from bottega.actions.recommend.evaluate import evaluate
from bottega.actions.recommend.shapes import EvaluateAnswer, EvaluateRequest, TrainRequest
from bottega.actions.recommend.train import train
from bottega.models.recommend.registry import those_that
from bottega.progress import Progress, silent
from bottega.settings import SETTINGS_FILE
from bottega.shop.files import REPORTS
from bottega.shop.open_shop import OpenShop
from bottega.shop.search.looking import look_at_catalogue
from bottega.shop.shape import DEVICE, Request, RunInfo, Shape

__all__ = ["EVALUATION", "DemoReport", "DemoRequest", "demo_folder", "prepare_demo"]

EVALUATION = f"{REPORTS}/evaluation.html"
"""Among the shop's files."""
_SETTINGS = """\
# The demo shop. docs/settings.md lists what can stand here.
currency = "EUR"
storefront = true
"""


class DemoRequest(Request):
    """Make the demo shop, as far as it is not made yet."""

    device: str = DEVICE


class DemoReport(Shape):
    """What was done; null where it had been done before."""

    catalogue: ImportReport | None = None
    events: ImportReport | None = None
    run: RunInfo | None = None
    evaluation: EvaluateAnswer | None = None


def demo_folder(folder: Path) -> Path:
    """The folder, with the demo's settings in it: what a shop reads when it opens."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / SETTINGS_FILE).exists():
        (folder / SETTINGS_FILE).write_text(_SETTINGS)
    return folder


def prepare_demo(shop: OpenShop, request: DemoRequest, *, progress: Progress = silent) -> DemoReport:
    """Bring the demo shop to where it can be served: files, catalogue, looks, events, model, evaluation."""
    folder = shop.folder
    if folder.store.runs.latest() is not None:
        return DemoReport()
    # Its last event is of a moment ago: what runs out, and what goes with a purchase, is due by the clock.
    files = write_demo(folder.root / "feed", now_ms=time.time_ns() // 1_000_000, progress=progress)
    catalogue = import_catalogue(shop, ImportCatalogueRequest(source=files.catalogue), progress=progress)
    if not (folder.root / files.policies.name).exists():
        shutil.copyfile(files.policies, folder.root / files.policies.name)
        folder.files.share(files.policies.name)
    (folder.root / EVALUATION).parent.mkdir(exist_ok=True)
    look_at_catalogue(folder, shop.models.eye(), progress=progress)
    judged = EvaluateRequest(
        models=those_that(lambda abilities: abilities.quick),
        html=folder.root / EVALUATION,
        device=request.device,
    )
    events = import_events(shop, ImportEventsRequest(source=files.events), progress=progress)
    import_shoppers(shop, ImportShoppersRequest(source=files.shoppers), progress=progress)
    return DemoReport(
        catalogue=catalogue,
        events=events,
        evaluation=evaluate(shop, judged, progress=progress),
        run=train(shop, TrainRequest(device=request.device), progress=progress),
    )
