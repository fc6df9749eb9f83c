"""Reading what a model saved: whatever is wrong with a file of it is one error, with one thing to do about it."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from types import TracebackType

from bottega.errors import ModelFileBroken

__all__ = ["ModelFile"]

_BROKEN = (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error)


class ModelFile:
    """`with ModelFile(path):` around the reading of a file; what it lacks becomes `ModelFileBroken`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Path:
        return self._path

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, _BROKEN):
            raise ModelFileBroken(
                f"{self._path.name} of a trained model cannot be read: {error}.", next_step="Run `bottega train` again."
            ) from error
