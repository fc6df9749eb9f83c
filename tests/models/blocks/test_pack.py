"""Packs: what is written is read back as mapped files, and what does not fit is refused."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from structlog.testing import capture_logs

from bottega import __version__
from bottega.models.blocks import pack as packs
from bottega.models.blocks.pack import ENDS_BYTES, Pack, open_pack, spare_rows, write_pack

MADE_FROM = {"run": "2026-11-28-1"}


def arrays() -> dict[str, np.ndarray]:
    return {
        "prices": np.arange(300_000, dtype=np.int64),
        "vectors": np.ones((7, 3), dtype=np.float32),
        "nothing": np.zeros(0, dtype=np.int32),
        "flags": np.array([True, False]),
    }


def written(tmp_path: Path) -> Path:
    folder = tmp_path / "pack" / "model"
    write_pack(folder, arrays(), made_from=MADE_FROM, growing=["vectors", "nothing"])
    return folder


def opened(folder: Path) -> Pack:
    found = open_pack(folder, made_from=MADE_FROM)
    assert found is not None
    return found


def refusal(folder: Path, made_from: dict[str, Any] = MADE_FROM) -> str:
    with capture_logs() as logs:
        assert open_pack(folder, made_from=made_from) is None
    (line,) = logs
    assert line["event"] == "pack_refused" and line["log_level"] == "warning" and line["folder"] == str(folder)
    return str(line["why"])


def test_arrays_come_back_mapped_and_with_room_to_grow(tmp_path: Path) -> None:
    found = opened(written(tmp_path))
    for name, array in arrays().items():
        assert found[name].dtype == array.dtype and np.array_equal(found[name], array)
    assert isinstance(found["prices"].base, np.memmap) and "prices" in found and "other" not in found
    assert found.roomy.keys() == {"vectors", "nothing"}
    assert found.roomy["vectors"].shape == (7 + spare_rows(7), 3) and not found.roomy["vectors"][7:].any()
    assert len(found.roomy["nothing"]) == spare_rows(0)
    assert found.made_from == MADE_FROM


def test_writing_to_an_open_pack_changes_nobody_elses(tmp_path: Path) -> None:
    folder = written(tmp_path)
    one, other = opened(folder), opened(folder)
    one["prices"][0] = one.roomy["vectors"][8, 0] = 99
    assert other["prices"][0] == 0 and other.roomy["vectors"][8, 0] == 0
    assert opened(folder)["prices"][0] == 0, "the file is as it was"


def test_a_newer_pack_takes_the_place_and_an_open_one_stays(tmp_path: Path) -> None:
    folder = written(tmp_path)
    before = opened(folder)
    write_pack(folder, {"prices": np.full(300_000, 7)}, made_from={"run": "2"})
    now = open_pack(folder, made_from={"run": "2"})
    assert now is not None and now["prices"][-1] == 7 and before["prices"][-1] == 299_999
    assert [path.name for path in folder.parent.iterdir()] == ["model"], "nothing is left beside it"


def test_what_it_was_made_from_has_to_fit_as_far_as_it_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    write_pack(folder, arrays(), made_from={"run": "1", "revision": 40})
    found = open_pack(folder, made_from={"run": "1"})
    assert found is not None and found.made_from["revision"] == 40
    assert refusal(folder, {"run": "2"}) == "made from run '1', not '2'"
    assert refusal(folder, {"run": "1", "stamp": "eye"}) == "made from stamp None, not 'eye'"


def test_where_there_is_none_nothing_is_logged(tmp_path: Path) -> None:
    with capture_logs() as logs:
        assert open_pack(tmp_path / "pack", made_from=MADE_FROM) is None
    assert not logs


def test_a_torn_file_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path)
    raw = (folder / "prices.npy").read_bytes()
    (folder / "prices.npy").write_bytes(raw[:-8])
    assert refusal(folder).startswith("prices.npy has ")
    (folder / "prices.npy").unlink()
    assert "FileNotFoundError" in refusal(folder)


@pytest.mark.parametrize("place", [0, ENDS_BYTES - 1, -1, -ENDS_BYTES])
def test_flipped_bytes_at_either_end_are_refused(tmp_path: Path, place: int) -> None:
    folder = written(tmp_path)
    raw = bytearray((folder / "prices.npy").read_bytes())
    raw[place] ^= 0xFF
    (folder / "prices.npy").write_bytes(raw)
    assert refusal(folder) == "prices.npy is not as it was written"


def test_flipped_bytes_before_spare_rows_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    write_pack(folder, {"prices": np.arange(300_000)}, made_from=MADE_FROM, growing=["prices"])
    used = json.loads((folder / "pack.json").read_text())["arrays"]["prices"]["used_bytes"]
    raw = bytearray((folder / "prices.npy").read_bytes())
    raw[used - 1] ^= 0xFF
    (folder / "prices.npy").write_bytes(raw)
    assert refusal(folder) == "prices.npy is not as it was written"


def changed(folder: Path, **fields: Any) -> None:
    header = json.loads((folder / "pack.json").read_text())
    (folder / "pack.json").write_text(json.dumps(header | fields))


def test_another_version_and_another_format_are_refused(tmp_path: Path) -> None:
    folder = written(tmp_path)
    changed(folder, version="0.0.1")
    assert "of version 0.0.1, not" in refusal(folder)
    changed(folder, version=__version__, format=packs.FORMAT - 1)
    assert refusal(folder).startswith(f"format {packs.FORMAT - 1} of version")
    changed(folder, format=packs.FORMAT)
    opened(folder)


def test_an_array_of_another_size_or_type_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path)
    said = json.loads((folder / "pack.json").read_text())["arrays"]
    changed(folder, arrays=said | {"vectors": said["vectors"] | {"shape": [8, 3]}})
    assert refusal(folder) == f"vectors.npy is <f4 of shape [{7 + spare_rows(7)}, 3], not <f4 of [8, 3]"
    changed(folder, arrays=said | {"flags": said["flags"] | {"dtype": "<i4"}})
    assert refusal(folder).startswith("flags.npy is |b1")


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"format": 1}'])
def test_a_damaged_header_is_refused(tmp_path: Path, text: str) -> None:
    folder = written(tmp_path)
    (folder / "pack.json").write_text(text)
    assert refusal(folder)


def test_what_fails_while_it_is_written_leaves_the_pack_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = written(tmp_path)

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(packs, "_to_disk", full)
    with pytest.raises(OSError, match="No space left"):
        write_pack(folder, {"prices": np.zeros(3)}, made_from=MADE_FROM)
    assert len(opened(folder)["prices"]) == 300_000
    assert [path.name for path in folder.parent.iterdir()] == ["model"]


def _write_again(folder: Path, times: int) -> None:
    for number in range(times):
        write_pack(folder, {"prices": np.full(50_000, number)}, made_from=MADE_FROM)


def test_who_opens_while_others_write_sees_one_pack_whole_or_none(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    _write_again(folder, 1)
    writer = multiprocessing.get_context("fork").Process(target=_write_again, args=(folder, 60))
    writer.start()
    seen = 0
    while writer.is_alive():
        found = open_pack(folder, made_from=MADE_FROM)
        if found is not None:
            seen += 1
            assert found["prices"].min() == found["prices"].max()
    writer.join()
    assert writer.exitcode == 0 and seen
