"""Fashion models: who is on call, the same picture each time, own models kept and taken out."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner

from bottega.actions.studio.fashion_models.fashion_models import (
    keep_fashion_model,
    list_fashion_models,
    remove_fashion_models,
    show_fashion_model,
    show_fashion_model_here,
)
from bottega.actions.studio.fashion_models.shapes import (
    FashionModelsRequest,
    KeepFashionModelRequest,
    RemoveFashionModelsRequest,
    ShowFashionModelRequest,
)
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.errors import RequestInvalid, StoreUnavailable
from bottega.models.studio.bodies.body import build
from bottega.models.studio.bodies.fashion_models import on_call
from bottega.models.studio.bodies.figure import KEY_POINTS
from bottega.serving.cli.main import app
from bottega.shop.open_shop import OpenShop

OURS = KeepFashionModelRequest(name="our-face", body="woman_42", skin="monk_6", hair="bob", says="our own")


@pytest.fixture
def shop(tmp_path: Path) -> Any:
    with OpenShop.open(tmp_path / "shop") as opened:
        yield opened


def test_those_on_call_are_varied() -> None:
    models = on_call().values()
    assert len(models) >= 12
    assert {build(model.body).gender for model in models} == {"female", "male"}
    assert len({model.appearance.skin for model in models}) >= 8
    assert len({model.body for model in models}) >= 12
    years = [build(model.body).years for model in models]
    assert min(years) < 18 and max(years) >= 65


def test_who_is_under_18_is_said_to_be(shop: OpenShop) -> None:
    told = {model.name: model for model in list_fashion_models(shop, FashionModelsRequest()).models}
    assert all(model.grown == (model.years >= 18) for model in told.values())
    assert not told["pia"].grown and told["ada"].grown
    assert not show_fashion_model(shop, ShowFashionModelRequest(name="pia", crop="upper")).grown


def test_the_same_request_gives_the_same_file_and_it_says_what_it_is(shop: OpenShop) -> None:
    request = ShowFashionModelRequest(name="ada", pose="walking_left")
    one, two = show_fashion_model(shop, request), show_fashion_model_here(None, request)
    assert one.content == two.content
    assert source_type_of(one.content) is SourceType.DRAWN and one.source_type == SourceType.DRAWN
    assert Image.open(BytesIO(one.content)).size == (768, 1024) == (one.width, one.height)
    assert [point.name for point in one.key_points] == list(KEY_POINTS)


def test_an_own_model_is_kept_and_taken_out(shop: OpenShop) -> None:
    kept = keep_fashion_model(shop, OURS)
    assert kept.own and kept.years == 42
    with OpenShop.open(shop.folder.root) as later:
        listed = {model.name: model for model in list_fashion_models(later, FashionModelsRequest()).models}
        assert listed["our-face"] == kept and not listed["ada"].own
        picture = show_fashion_model(later, ShowFashionModelRequest(name="our-face"))
        assert picture.content == show_fashion_model(shop, ShowFashionModelRequest(name="our-face")).content
    keep_fashion_model(shop, OURS.model_copy(update={"hair": "long"}))
    left = remove_fashion_models(shop, RemoveFashionModelsRequest(names=["our-face"]))
    assert not any(model.own for model in left.models)
    with pytest.raises(RequestInvalid, match="no fashion model of its own called 'our-face'"):
        remove_fashion_models(shop, RemoveFashionModelsRequest(names=["our-face"]))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": "ada"}, "comes along"),
        ({"body": "giant"}, "No body is called"),
        ({"pose": "flying"}, "No pose is called"),
        ({"hair": "beard"}, "No style of hair"),
        ({"skin": "pale"}, "is no colour"),
    ],
)
def test_what_is_none_is_refused_and_nothing_is_kept(shop: OpenShop, wrong: dict[str, str], says: str) -> None:
    with pytest.raises(RequestInvalid, match=says):
        keep_fashion_model(shop, OURS.model_copy(update=wrong))
    assert not (shop.folder.root / "fashion_models.json").exists()


def test_a_spoilt_file_says_so(shop: OpenShop) -> None:
    (shop.folder.root / "fashion_models.json").write_text("[{]")
    with pytest.raises(StoreUnavailable, match=r"fashion_models\.json cannot be read"):
        list_fashion_models(shop, FashionModelsRequest())


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    listed = run.invoke(app, ["models-on-call"])
    assert listed.exit_code == 0 and "ada: a woman of 28" in listed.output and "under 18" in listed.output
    made = run.invoke(app, ["models-on-call", "show", "bela", "--pose", "seated", "--out", str(tmp_path)])
    assert made.exit_code == 0, made.output
    assert source_type_of((tmp_path / "bela.seated.png").read_bytes()) is SourceType.DRAWN
    refused = run.invoke(app, ["models-on-call", "show", "nobody"])
    assert refused.exit_code == 2
