"""Saved models: what is written is read back, and what is damaged is named."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from bottega.errors import ModelFileBroken
from bottega.models.blocks.arrays_io import load_arrays, save_arrays


@dataclass(frozen=True)
class SmallConfig:
    size: int = 3


def saved(folder: Path) -> Path:
    matrix = sparse.csr_matrix(np.array([[0, 2.5, 0], [1, 0, 0]], dtype=np.float32))
    arrays: dict[str, np.ndarray | sparse.csr_matrix] = {"matrix": matrix, "row": np.arange(4)}
    save_arrays(folder, model="small", config=SmallConfig(7), arrays=arrays)
    return folder


def test_arrays_matrices_and_config_come_back(tmp_path: Path) -> None:
    found = load_arrays(saved(tmp_path), model="small")
    assert found.settings(SmallConfig) == SmallConfig(7)
    assert found.array("row").tolist() == [0, 1, 2, 3]
    assert found.matrix("matrix").toarray().tolist() == [[0, 2.5, 0], [1, 0, 0]]


def test_another_model_another_format_and_other_fields_are_refused(tmp_path: Path) -> None:
    saved(tmp_path)
    with pytest.raises(ModelFileBroken, match="holds 'small' in format 1, not 'large'"):
        load_arrays(tmp_path, model="large")
    header = json.loads((tmp_path / "model.json").read_text())
    (tmp_path / "model.json").write_text(json.dumps(header | {"format": 99}))
    with pytest.raises(ModelFileBroken, match="format 99"):
        load_arrays(tmp_path, model="small")
    (tmp_path / "model.json").write_text(json.dumps(header | {"config": {"colour": 1}}))
    with pytest.raises(ModelFileBroken, match="config does not fit SmallConfig"):
        load_arrays(tmp_path, model="small").settings(SmallConfig)


@pytest.mark.parametrize("config", [{}, {"size": None}, {"size": "many"}], ids=["missing", "nothing", "no number"])
def test_a_config_that_is_not_whole_is_refused_with_what_to_do(tmp_path: Path, config: dict[str, object]) -> None:
    found = load_arrays(saved(tmp_path), model="small")
    assert found.config_as(lambda fields: SmallConfig(int(fields["size"]))) == SmallConfig(7)
    broken = replace(found, config=config)
    with pytest.raises(ModelFileBroken, match=r"its config is not whole.*install Bottega again"):
        broken.config_as(lambda fields: SmallConfig(int(fields["size"])))


def test_missing_names_and_wrong_dimensions_are_refused(tmp_path: Path) -> None:
    found = load_arrays(saved(tmp_path), model="small")
    with pytest.raises(ModelFileBroken, match="the matrix 'other' is not there"):
        found.matrix("other")
    with pytest.raises(ModelFileBroken, match="'row' with 2 dimension"):
        found.array("row", ndim=2)


def test_pickled_arrays_and_columns_out_of_range_are_refused(tmp_path: Path) -> None:
    saved(tmp_path)
    with np.load(tmp_path / "arrays.npz") as file:
        good = {name: file[name] for name in file.files}
    np.savez(tmp_path / "arrays.npz", **(good | {"row": np.array([{}], dtype=object)}))
    with pytest.raises(ModelFileBroken, match="ValueError"):
        load_arrays(tmp_path, model="small")
    np.savez(tmp_path / "arrays.npz", **(good | {"matrix.indices": np.array([1, 9], dtype=np.int32)}))
    with pytest.raises(ModelFileBroken, match="damaged"):
        load_arrays(tmp_path, model="small")
