"""What faults are put into: a small disk, a clock and a disk that obey, a shop with its server and its worker."""

from __future__ import annotations

import mmap
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from common import BOTTEGA
from serving import make_shop

__all__ = ["Control", "SmallDisk", "Worker", "demo_shop", "restored", "small_disk"]


class SmallDisk:
    """A file system of some megabytes, in memory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._filler = root / "filler"

    def fill(self) -> None:
        """Leave no byte."""
        with self._filler.open("ab", buffering=0) as filler, suppress(OSError):
            for size in (1 << 20, 4096, 1):
                with suppress(OSError):
                    while True:
                        filler.write(b"\0" * size)

    def free(self) -> None:
        """Have room again."""
        self._filler.unlink(missing_ok=True)


@contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk | None]:
    """One for as long as the block lasts; None where nothing may be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="bottega-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield SmallDisk(folder) if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


class Control:
    """The clock and the disk of processes that are started with `variables` (faults_shim.c)."""

    def __init__(self, folder: Path) -> None:
        library, told = folder / "shim.so", folder / "control"
        source = str(Path(__file__).with_name("faults_shim.c"))
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", str(library), source, "-ldl"], check=True)
        told.write_bytes(bytes(16))
        with told.open("r+b") as file:
            self._told = memoryview(mmap.mmap(file.fileno(), 16)).cast("q")
        self.variables = {"LD_PRELOAD": str(library), "FAULTS_CONTROL": str(told)}

    def clock(self, seconds: int) -> None:
        """Put the clock of the day so far from where it is right."""
        self._told[0] = seconds

    def slow(self, ms: int) -> None:
        """Let each fsync take so much longer."""
        self._told[1] = ms


class Worker:
    """`bottega worker` in a process of its own, for as long as the block lasts."""

    def __init__(self, shop: Path, log: Path, **settings: str) -> None:
        self._log = log.open("ab")
        command = [BOTTEGA, "worker", "--shop", str(shop)]
        self.process = subprocess.Popen(command, stdout=self._log, stderr=self._log, env=os.environ | settings)

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._log.close()


def demo_shop(work: Path) -> Path:
    """A small demo shop with a trained recommender, in SQLite; made once for all faults."""
    shop = work / "shop"
    if not (shop / "models").is_dir():
        make_shop(shop, 300, "transitions")
    return shop


def restored(shop: Path, into: Path, **settings: str) -> None:
    """The same shop in another folder, in the database and the files that the settings name."""
    archive = shop.with_name("shop.backup")
    if not archive.exists():
        subprocess.run([BOTTEGA, "backup", str(archive), "--shop", str(shop)], check=True, capture_output=True)
    command = [BOTTEGA, "restore", str(archive), str(into)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | settings)
