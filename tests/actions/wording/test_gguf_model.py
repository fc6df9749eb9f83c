"""A language model in a file: asked as one at an address is, and as little believed. Its noise never reaches a text."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.actions.wording.test_rephrase import WORDS, _text
from tests.actions.wording.tiny_gguf import write_tiny_gguf

from bottega.actions.wording.describe import describe
from bottega.actions.wording.rephrase import language_model_of, rephrase
from bottega.actions.wording.shapes import DescribeRequest
from bottega.catalogue.product import Product
from bottega.connectors.gguf_model import GgufModel, checked_model_file
from bottega.errors import LanguageModelFailed, SettingsInvalid
from bottega.shop.open_shop import OpenShop

WATCH = Product(
    id="w1", title="Titan Steel Watch", brand="Titan", category=("Watches",), attributes={"color": ("Red",)}
)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    pytest.importorskip("gguf")
    pytest.importorskip("xllamacpp")
    return write_tiny_gguf(tmp_path / "tiny.gguf")


def test_a_model_that_speaks_noise_is_never_heard(tiny: Path) -> None:
    model = GgufModel(tiny, timeout_s=20)
    text, dropped = _text(), 0
    for _ in range(12):
        told = rephrase(model, text, "en")
        assert told.text == text, "the text stands as the frames have it"
        assert told.reasons
        dropped += bool(told.dropped)
    assert dropped >= 10, "it did speak"


def test_a_shop_with_a_file_describes_and_keeps_what_is_proved(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "bottega.toml").write_text('language_model_file = "tiny.gguf"\n')
    with OpenShop.open(tmp_path) as shop:
        shop.upsert([WATCH])
        plain = describe(shop, DescribeRequest(product_ids=["w1"], seed=1)).listings[0]
        asked = describe(shop, DescribeRequest(product_ids=["w1"], seed=1, rephrase=True)).listings[0]
    assert asked.description == plain.description and plain.description
    assert any(reason.startswith("language model:") for reason in asked.refused)


def test_it_ends_in_time_and_takes_no_text_that_is_too_long(tiny: Path) -> None:
    with pytest.raises(LanguageModelFailed, match="not done within"):
        GgufModel(tiny, timeout_s=1e-9).rephrase(WORDS)
    with pytest.raises(LanguageModelFailed, match="context size"):
        GgufModel(tiny).rephrase(WORDS * 400)
    assert GgufModel(tiny).rephrase(WORDS), "it goes on after that"


def test_its_door_is_locked_to_everybody_else(tiny: Path) -> None:
    import httpx

    from bottega.connectors import gguf_model

    GgufModel(tiny).rephrase(WORDS)
    (server,) = gguf_model._kept.values()
    address = server.listening_address
    assert address.startswith("http://127.0.0.1:")
    body = {"messages": [{"role": "user", "content": "hello"}]}
    assert httpx.post(f"{address}/v1/chat/completions", json=body, trust_env=False).status_code == 401


def test_a_broken_file(tiny: Path) -> None:
    cut = tiny.with_name("cut.gguf")
    cut.write_bytes(tiny.read_bytes()[:50_000])
    with pytest.raises(LanguageModelFailed, match=r"cannot load cut\.gguf"):
        GgufModel(cut).rephrase(WORDS)
    with pytest.raises(LanguageModelFailed, match="is gone"):
        GgufModel(tiny.with_name("none.gguf")).rephrase(WORDS)


def test_what_the_setting_may_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="No such file"):
        checked_model_file("none.gguf", tmp_path)
    (tmp_path / "model.bin").write_bytes(b"PK..")
    with pytest.raises(SettingsInvalid, match="is no GGUF file"):
        checked_model_file("model.bin", tmp_path)
    (tmp_path / "a.gguf").write_bytes(b"GGUF....")
    assert checked_model_file("a.gguf", tmp_path) == tmp_path / "a.gguf"
    (tmp_path / "bottega.toml").write_text('language_model_file = "a.gguf"\n')
    with OpenShop.open(tmp_path) as shop:
        assert language_model_of(shop) == GgufModel(tmp_path / "a.gguf", 30.0)
    (tmp_path / "bottega.toml").write_text(
        'language_model_file = "a.gguf"\nlanguage_model_url = "https://m.example/v1"\n'
    )
    with OpenShop.open(tmp_path) as shop, pytest.raises(SettingsInvalid, match="both are set"):
        language_model_of(shop)


def test_without_the_package_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    (tmp_path / "b.gguf").write_bytes(b"GGUF....")
    with pytest.raises(SettingsInvalid, match=r"pip install 'bottega\[gguf\]'"):
        GgufModel(tmp_path / "b.gguf").rephrase(WORDS)


def test_pieces_make_one_text_and_the_model_sees_that_text_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the package, too: a stand-in for its server."""
    asked: list[dict[str, Any]] = []
    pieces = ["", "A watch", None, " of leather. "]

    class Server:
        def __init__(self, params: Any) -> None:
            assert params.offline and len(params.api_keys[0]) > 30 and params.model.path.endswith("c.gguf")

        def handle_chat_completions(self, request: dict[str, Any], heard: Callable[[dict[str, Any]], bool]) -> None:
            asked.append(request)
            for piece in pieces:
                assert not heard({"choices": [{"delta": {"content": piece}}]})

    params = SimpleNamespace(model=SimpleNamespace())
    monkeypatch.setitem(sys.modules, "xllamacpp", SimpleNamespace(CommonParams=lambda: params, Server=Server))
    (tmp_path / "c.gguf").write_bytes(b"GGUF....")
    started = time.monotonic()
    assert GgufModel(tmp_path / "c.gguf").rephrase(WORDS) == "A watch of leather."
    assert time.monotonic() - started < 10
    (request,) = asked
    assert WORDS in request["messages"][1]["content"] and request["stream"]
    assert set(request) == {"messages", "temperature", "max_tokens", "stream"}
