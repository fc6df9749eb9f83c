"""Settings as verbs: each says what it means and where it is set; those that hold at once are changed in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bottega.actions.running.settings import change_setting, list_settings
from bottega.actions.running.settings_shapes import ChangeSettingRequest, SettingInfo, SettingsRequest
from bottega.errors import RequestInvalid
from bottega.settings import SETTINGS_FILE, ServerSettings, ShopSettings, load_settings, write_setting
from bottega.shop.live_settings import LIVE
from bottega.shop.open_shop import OpenShop


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenShop]:
    monkeypatch.setenv("BOTTEGA_NOVELTY", "0.3")
    monkeypatch.setenv("BOTTEGA_SHOPS_DATABASE_URL", "postgresql://me:secret@db.example/x")
    (tmp_path / SETTINGS_FILE).write_text('count = 12\nport = 9000\n[event_kinds]\ndiversity = "view"\n')
    with OpenShop.open(tmp_path) as shop:
        yield shop


def told(shop: OpenShop, *, live: bool = False) -> dict[str, SettingInfo]:
    return {one.name: one for one in list_settings(shop, SettingsRequest(live=live)).settings}


def test_every_setting_says_what_it_means_and_where_it_is_set(shop: OpenShop) -> None:
    found = told(shop)
    assert list(found) == [*ShopSettings.model_fields, *ServerSettings.model_fields]
    assert all(one.meaning for one in found.values()) and set(told(shop, live=True)) == set(LIVE)
    set_in = {name: one.set_in for name, one in found.items() if one.set_in != "default"}
    assert set_in == {
        "count": "file",
        "port": "file",
        "event_kinds": "file",
        "novelty": "environment",
        "shops_database_url": "environment",
    }
    assert found["shops_database_url"].value == "postgresql://db.example/x", "a password is no setting's to show"
    assert (found["count"].value, found["count"].least, found["count"].most) == (12, 1, 200)
    kinds = {
        name: found[name].kind for name in ("letters", "handover_words", "leave_out_bots", "event_kinds", "timezone")
    }
    assert list(kinds.values()) == ["choices", "list", "yes_no", "table", "text"]


def test_a_change_is_written_where_it_belongs_and_holds_at_once(shop: OpenShop, tmp_path: Path) -> None:
    with shop.floor() as floor:
        changed = change_setting(shop, ChangeSettingRequest.model_validate({"name": "diversity", "value": 0.5}))
        assert (changed.value, changed.before, changed.was_set) == (0.5, 0.2, False)
        assert shop.settings.diversity == floor.settings.diversity == 0.5
    words = change_setting(shop, ChangeSettingRequest(name="handover_words", value='lawyer\nsue, "me" 😀'))
    assert words.value == ["lawyer", 'sue, "me" 😀'] and load_settings(tmp_path).handover_words[1] == 'sue, "me" 😀'
    count = change_setting(shop, ChangeSettingRequest(name="count", reset=True))
    assert (count.value, count.before, count.was_set) == (10, 12, True)
    text = (tmp_path / SETTINGS_FILE).read_text()
    assert text.endswith('port = 9000\n[event_kinds]\ndiversity = "view"\n') and "count" not in text
    assert shop.settings.event_kinds == {"diversity": "view"} == load_settings(tmp_path).event_kinds


def test_another_process_takes_a_change_over(shop: OpenShop, tmp_path: Path) -> None:
    write_setting(tmp_path, "price_fit", 0.4)
    write_setting(tmp_path, "currency", "EUR")
    shop.refresh()
    assert (shop.settings.price_fit, shop.settings.currency) == (0.4, "USD"), "a currency counts from the next start"
    (tmp_path / SETTINGS_FILE).write_text("price_fit = nothing\n")
    shop.refresh()
    assert shop.settings.price_fit == 0.4


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("diversity", "2", "must be at most 1"),
        ("diversity", "varied", "It is a number"),
        ("exclude_purchased_durables", "perhaps", "It is true or false"),
        ("letters_quiet", "99", "it is not written so"),
        ("currency", "EUR", "counts from the next start of the server"),
        ("port", "1", "It is the server's"),
        ("diversty", "1", "There is no setting"),
        ("novelty", "0.1", "BOTTEGA_NOVELTY, which wins"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    shop: OpenShop, tmp_path: Path, name: str, value: str, words: str
) -> None:
    before = (tmp_path / SETTINGS_FILE).read_text()
    with pytest.raises(RequestInvalid, match=words):
        change_setting(shop, ChangeSettingRequest(name=name, value=value))
    assert (tmp_path / SETTINGS_FILE).read_text() == before
