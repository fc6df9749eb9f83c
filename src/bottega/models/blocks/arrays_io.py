"""Saved models: a folder with `arrays.npz` and `model.json`, read without pickle.

`model.json` holds the model's name, its config and the shapes of sparse matrices; a matrix is stored as the three
arrays of its compressed rows. Whatever is missing, truncated or of another model raises `ModelFileBroken`.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from bottega.errors import ModelFileBroken

if TYPE_CHECKING:  # a model of plain arrays is read without it
    from scipy import sparse

__all__ = ["FORMAT", "Saved", "load_arrays", "load_config", "save_arrays", "tuples"]

FORMAT = 1
"""Version of the folder's layout; a reader refuses others."""

ConfigT = TypeVar("ConfigT")


@dataclass(frozen=True, slots=True)
class Saved:
    """What `load_arrays` found: the config as plain JSON, dense arrays and sparse matrices by name."""

    folder: Path
    config: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    matrices: dict[str, sparse.csr_matrix]

    def array(self, name: str, *, ndim: int = 1) -> NDArray[Any]:
        """The dense array of this name; `ModelFileBroken` when it is not there or has other dimensions."""
        if name not in self.arrays or self.arrays[name].ndim != ndim:
            raise _broken(self.folder, f"the array {name!r} with {ndim} dimension(s) is not there")
        return self.arrays[name]

    def matrix(self, name: str) -> sparse.csr_matrix:
        """The sparse matrix of this name; `ModelFileBroken` when it is not there."""
        if name not in self.matrices:
            raise _broken(self.folder, f"the matrix {name!r} is not there")
        return self.matrices[name]

    def config_as(self, build: Callable[[dict[str, Any]], ConfigT]) -> ConfigT:
        """What `build` makes of the plain JSON of the config; `ModelFileBroken` when a field is missing or another."""
        try:
            return build(self.config)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise _broken(self.folder, f"its config is not whole ({error})") from error

    def settings(self, config: type[ConfigT]) -> ConfigT:
        """The config as an object of its class; `ModelFileBroken` when its fields differ."""
        try:
            return config(**self.config)
        except TypeError as error:
            raise _broken(self.folder, f"its config does not fit {config.__name__} ({error})") from error


def _broken(folder: Path, what: str) -> ModelFileBroken:
    return ModelFileBroken(
        f"The saved model in {folder} cannot be used: {what}.",
        allowed=f"A folder written whole by this version (format {FORMAT}) is needed.",
        next_step="Train the model again, or install Bottega again where it is one that comes along.",
    )


def save_arrays(
    folder: Path,
    *,
    model: str,
    config: Any,
    arrays: Mapping[str, NDArray[Any] | sparse.csr_matrix],
    packed: bool = False,
) -> None:
    """Write a frozen dataclass `config` and named arrays into an existing folder; `packed` ones take a tenth less room.

    `model.json` is written last, so a folder that has it is complete.
    """
    flat: dict[str, NDArray[Any]] = {}
    shapes: dict[str, list[int]] = {}
    for name, value in arrays.items():
        if not isinstance(value, np.ndarray):
            shapes[name] = [int(side) for side in value.shape]
            flat |= {f"{name}.data": value.data, f"{name}.indices": value.indices, f"{name}.indptr": value.indptr}
        else:
            flat[name] = value
    with (folder / "arrays.npz").open("wb") as file:
        (np.savez_compressed if packed else np.savez)(file, allow_pickle=False, **flat)
    header = {"format": FORMAT, "model": model, "config": asdict(config), "matrices": shapes}
    (folder / "model.json").write_text(json.dumps(header, indent=2) + "\n", encoding="utf-8")


def tuples(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a config with the lists that JSON made of tuples as tuples again."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


def load_config(folder: Path, *, model: str) -> dict[str, Any]:
    """The config alone of what `save_arrays` wrote for a model of this name, which costs no memory."""
    return _header(folder, model)[0]


def load_arrays(folder: Path, *, model: str) -> Saved:
    """Read what `save_arrays` wrote for a model of this name; `ModelFileBroken` says what is wrong."""
    config, shapes = _header(folder, model)
    try:
        with (folder / "arrays.npz").open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        matrices = {name: _matrix(arrays, name, shape) for name, shape in shapes.items()}
    except (
        OSError,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise _broken(folder, f"arrays.npz is missing or damaged ({type(error).__name__}: {error})") from error
    return Saved(folder, config, arrays, matrices)


def _header(folder: Path, model: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The config of a model of this name, and the shapes of its matrices."""
    try:
        header = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        found = (header["format"], header["model"])
        config, shapes = dict(header["config"]), dict(header["matrices"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _broken(folder, f"model.json is missing or incomplete ({type(error).__name__}: {error})") from error
    if found != (FORMAT, model):
        raise _broken(folder, f"it holds {found[1]!r} in format {found[0]}, not {model!r} in format {FORMAT}")
    return config, shapes


def _matrix(arrays: dict[str, NDArray[Any]], name: str, shape: list[int]) -> sparse.csr_matrix:
    from scipy import sparse

    data, indices, indptr = (arrays.pop(f"{name}.{part}") for part in ("data", "indices", "indptr"))
    matrix = sparse.csr_matrix((data, indices, indptr), shape=(int(shape[0]), int(shape[1])))
    matrix.check_format(full_check=True)
    return matrix
