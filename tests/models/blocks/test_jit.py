"""Kernels run wherever the package lies: what is compiled is kept where it may be written, and else not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAM = """
import errno, os, sys, tempfile
from pathlib import Path
import bottega

may, package, nowhere = os.access, Path(bottega.__file__).parent, sys.argv[1] == "nowhere"

def access(path, mode, **options):
    shut = nowhere or Path(path).is_relative_to(package)
    return not (mode & os.W_OK and shut) and may(path, mode, **options)

def none(*_, **__):
    raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

os.access = access  # the rights of whoever may write into neither; root, as which tests often run, may anything
if nowhere:
    tempfile.gettempdir = tempfile.mkdtemp = none
from bottega.models.blocks import jit
from counting import total

assert total(4) == 6 and total.signatures, "compiled"
print(jit.cache_folder(), total.stats.cache_hits.total())
"""
KERNEL = """
from bottega.models.blocks.jit import kernel

@kernel
def total(n: int) -> int:
    found = 0
    for number in range(n):
        found += number
    return found
"""


@pytest.fixture
def ran(tmp_path: Path) -> Callable[[str], list[str]]:
    """Runs a kernel in a process that may not write beside the sources, nor into its home."""
    (tmp_path / "counting.py").write_text(KERNEL)
    (tmp_path / "temporary").mkdir()
    env = {name: value for name, value in os.environ.items() if name not in {"NUMBA_CACHE_DIR", "XDG_CACHE_HOME"}}
    env |= {"HOME": "/proc/nowhere", "TMPDIR": str(tmp_path / "temporary")}
    env["PYTHONPATH"] = os.pathsep.join([str(tmp_path), env.get("PYTHONPATH", "")])

    def run(where: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, where], env=env, check=True, capture_output=True, text=True, timeout=120
        )
        return done.stdout.split()

    return run


def test_a_package_that_cannot_be_written_keeps_its_kernels_in_a_folder_of_ones_own(
    ran: Callable[[str], list[str]], tmp_path: Path
) -> None:
    folder, hits = ran("temporary")
    assert Path(folder).parent == tmp_path / "temporary" and Path(folder).stat().st_mode & 0o777 == 0o700
    assert hits == "0" and [*Path(folder).rglob("*.nbi")]
    assert ran("temporary") == [folder, "1"], "the next process finds them there"


def test_where_nothing_can_be_written_kernels_run_all_the_same(ran: Callable[[str], list[str]], tmp_path: Path) -> None:
    for _ in range(2):
        assert ran("nowhere") == ["None", "0"]
    assert not [*tmp_path.rglob("*.nb?")]


@pytest.mark.parametrize("mode", [0o777, 0o770])
def test_a_folder_that_others_may_write_is_not_believed(
    ran: Callable[[str], list[str]], tmp_path: Path, mode: int
) -> None:
    open_to_all = tmp_path / "temporary" / f"bottega-kernels-{os.getuid()}"
    open_to_all.mkdir()
    open_to_all.chmod(mode)
    folder, _ = ran("temporary")
    assert Path(folder) != open_to_all and not [*open_to_all.iterdir()]
