"""Rolling back: the run before is in use from the next refresh on, and `bottega models` says why."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bottega.actions.recommend.shapes import TrainRequest
from bottega.actions.recommend.train import train
from bottega.actions.running.models import ModelsRequest, list_models
from bottega.actions.running.rollback import RollBackRequest, roll_back
from bottega.catalogue.product import Product
from bottega.errors import ModelMissing
from bottega.events.event import Event
from bottega.names import EventKind
from bottega.serving.cli.main import app
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.store.runs import ModelRun

T = 1_767_225_600_000


def trained(folder: Path, times: int) -> list[str]:
    """Versions of so many trainings of a small shop."""
    with OpenShop.open(folder) as shop:
        shop.upsert([Product(id=f"p{number}", title=f"Thing {number}") for number in range(12)])
        kind = EventKind.VIEW
        shop.store.events.add(
            [
                Event(
                    event_id=f"e{i}",
                    shopper_id=f"s{i % 30}",
                    product_id=f"p{(i // 30 + i) % 12}",
                    kind=kind,
                    time_ms=T + i,
                )
                for i in range(200)
            ]
        )
        return [train(shop, TrainRequest(model="popular")).version for _ in range(times)]


def why(shop: OpenShop) -> dict[str, tuple[bool, str]]:
    models = list_models(shop, ModelsRequest()).models
    return {one.version: (one.in_use, one.why) for one in models if one.ability == "recommend"}


def test_the_run_before_answers_from_the_next_refresh_on(tmp_path: Path) -> None:
    first, second, third = trained(tmp_path, 3)
    with OpenShop.open(tmp_path) as server, OpenShop.open(tmp_path) as other:
        server.warm()
        assert server.health().model.version == third
        answer = roll_back(other, RollBackRequest())
        assert (answer.rolled_back, answer.in_use, answer.name) == (third, second, "popular")
        assert server.refresh() and server.health().model.version == second
        assert not server.refresh()
        back = f"trained by hand; back since version {third} was rolled back"
        assert why(other) == {
            third: (False, "rolled back"),
            second: (True, back),
            first: (False, "a newer one took its place"),
        }
        roll_back(other, RollBackRequest())
        assert server.refresh() and server.health().model.version == first
        with pytest.raises(ModelMissing, match=f"There is no training of recommend before version {first}.*Train"):
            roll_back(other, RollBackRequest())
        newest = train(other, TrainRequest(model="popular")).version
        assert server.refresh() and server.health().model.version == newest
        assert why(other)[newest] == (True, "trained by hand")


def test_nothing_to_roll_back_and_files_that_are_gone(tmp_path: Path) -> None:
    with OpenShop.open(tmp_path) as shop, pytest.raises(ModelMissing, match=r"Nothing of vision was trained"):
        roll_back(shop, RollBackRequest(room="vision"))
    first, _ = trained(tmp_path, 2)
    shutil.rmtree(tmp_path / "models" / "recommend" / "popular" / first)
    with OpenShop.open(tmp_path) as shop, pytest.raises(ModelMissing, match=r"The files of the training before.*gone"):
        roll_back(shop, RollBackRequest())


def test_of_the_eye_what_ships_stands_in(tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path) as folder:
        made = tmp_path / "models" / "vision" / "eye" / "mine"
        (made / "model").mkdir(parents=True)
        (made / "model" / "model.json").write_text("{}")
        run = ModelRun("eye", "mine", "vision", "eye", 1, 1.0, 1.0, 1, 0, 0, str(made.relative_to(tmp_path)))
        folder.store.runs.add(run)
    with OpenShop.open(tmp_path) as shop:
        assert {one.origin for one in shop.models.in_use() if one.ability == "eye"} == {"own"}
        assert roll_back(shop, RollBackRequest(room="vision")).in_use is None
        assert {one.origin for one in shop.models.in_use() if one.ability == "eye"} == {"shipped"}


def test_on_the_command_line(tmp_path: Path) -> None:
    first, second = trained(tmp_path, 2)
    said = CliRunner().invoke(app, ["models", "rollback", "--shop", str(tmp_path)])
    assert (
        said.exit_code == 0 and f"Version {second} of recommend is out of use, popular, version {first}" in said.output
    )
    listed = CliRunner().invoke(app, ["models", "list", "--json", "--shop", str(tmp_path)]).output
    assert [one["version"] for one in json.loads(listed)["models"] if one["in_use"] and one["origin"] == "own"] == [
        first
    ]
    refused = CliRunner().invoke(app, ["models", "rollback", "vision", "--shop", str(tmp_path)])
    assert refused.exit_code == 2 and "Nothing of vision" in refused.stderr
