"""A language model of the merchant's own, in a GGUF file, run in this process by llama.cpp (the extra `bottega[gguf]`).

It is asked as a model at an address is (language_model.py): one finished text, nothing else, and believed in nothing.
The package comes with a server of its own; it is bound to this machine and locked by a key that nobody is told.
"""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from bottega.connectors.language_model import TEMPERATURE, most_tokens, rephrase_messages
from bottega.errors import LanguageModelFailed, SettingsInvalid

__all__ = ["GgufModel", "checked_model_file"]

CONTEXT = 4096
"""Tokens of question and answer together; a model that knows fewer has fewer."""
_MAGIC = b"GGUF"
_INSTALL = "pip install 'bottega[gguf]'"


def checked_model_file(named: str, folder: Path) -> Path:
    """The file that the setting names, from the shop's folder where it is not absolute. Raises `SettingsInvalid`."""
    path = folder / Path(named).expanduser()
    try:
        with path.open("rb") as file:
            begins = file.read(len(_MAGIC))
    except OSError as error:
        raise SettingsInvalid(
            f"The setting language_model_file is {named!r}: {error.strerror}.",
            allowed="It is a GGUF file on this machine, as in models/small.gguf.",
            next_step="Correct it in bottega.toml.",
        ) from error
    if begins != _MAGIC:
        raise SettingsInvalid(
            f"The setting language_model_file is {named!r}, which is no GGUF file.",
            allowed="A GGUF file begins with the letters GGUF.",
            next_step="Convert the model with llama.cpp, or get it as GGUF.",
        )
    return path


@dataclass(frozen=True)
class GgufModel:
    """One model out of one file; loaded when it is first asked, and kept for as long as the process lives."""

    path: Path
    timeout_s: float = 30.0

    def rephrase(self, text: str, *, hint: str = "") -> str:
        """The text in other words, as the model has it. Raises `LanguageModelFailed`, `SettingsInvalid`."""
        ends_s = time.monotonic() + self.timeout_s
        pieces: list[str] = []
        refused: list[str] = []
        late: list[bool] = []

        def heard(word: dict[str, Any]) -> bool:
            """One piece of the answer; true ends it."""
            if "error" in word:
                refused.append(str(word["error"].get("message", word["error"])))
                return True
            pieces.extend(choice.get("delta", {}).get("content") or "" for choice in word.get("choices", ()))
            if time.monotonic() > ends_s:
                late.append(True)
            return bool(late)

        asked = {
            "messages": rephrase_messages(text, hint),
            "temperature": TEMPERATURE,
            "max_tokens": most_tokens(text),
            "stream": True,
        }
        with _TURN:
            answered = _loaded(self.path).handle_chat_completions(asked, heard)
        if isinstance(answered, dict) and "error" in answered:
            heard(answered)
        if refused or late:
            why = refused[0] if refused else f"it was not done within {self.timeout_s:g} seconds"
            raise LanguageModelFailed(
                f"The language model {self.path.name} gave no answer: {why}.",
                allowed="It has the time that the setting language_model_timeout_s says.",
                next_step="Take a smaller model or more time; until then texts stand as the frames have them.",
            )
        said = "".join(pieces).strip()
        if not said:
            raise LanguageModelFailed(
                f"The language model {self.path.name} answered without a text.",
                next_step="See docs/proof.md; until then texts stand as the frames have them.",
            )
        return said


_TURN = threading.Lock()
"""One text at a time: they would share the same cores."""
_kept: dict[tuple[Path, int, int], Any] = {}


def _loaded(path: Path) -> Any:
    """The model of a file, as the file is now; one at a time is kept."""
    try:
        state = path.stat()
    except OSError as error:
        raise LanguageModelFailed(
            f"The language model {path.name} is gone: {error.strerror}.",
            next_step="Correct language_model_file; until then texts stand as the frames have them.",
        ) from error
    key = path, state.st_mtime_ns, state.st_size
    if key not in _kept:
        library = _library()
        params = library.CommonParams()
        params.model.path = str(path)
        params.n_ctx, params.n_parallel, params.verbosity = CONTEXT, 1, 0
        params.warmup, params.ui, params.endpoint_slots, params.offline = False, False, False, True
        params.api_keys = [secrets.token_urlsafe(32)]
        _kept.clear()
        try:
            _kept[key] = library.Server(params)
        except RuntimeError as error:
            raise LanguageModelFailed(
                f"llama.cpp cannot load {path.name}: {error}",
                allowed="It is a whole GGUF file of a model that chats.",
                next_step="Get the file again, or another one; until then texts stand as the frames have them.",
            ) from error
    return _kept[key]


def _library() -> Any:
    try:
        return import_module("xllamacpp")
    except ImportError as error:
        raise SettingsInvalid(
            f"The setting language_model_file needs the package xllamacpp: {error}.",
            allowed="It comes with the extra gguf.",
            next_step=f"Install it: {_INSTALL}; or use language_model_url.",
        ) from error
