"""What is asked of a recipe of weights, and what every one of them does when it ends: a stamp and a card."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bottega.models.blocks.cards import read_card, write_card
from bottega.models.blocks.device import device_of
from bottega.models.judge.judge import Judge
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.parts.parser import Parts
from bottega.progress import Progress

__all__ = ["Order", "Recipe", "carded", "stamp"]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of one recipe."""

    data: Path
    """Folder with `fashion/` (styles.csv, images/) and `parsing/` (photos/, masks/)."""
    build: Path
    """Each model gets its folder in it."""
    seconds: float | None = None
    """The most that a network learns for; the whole recipe where absent. Reading, looking and measuring come on top."""
    device: str = "auto"
    seed: int = 0
    threads: int | None = None
    """Threads of the process; torch's choice where absent."""

    def folder(self, name: str) -> Path:
        """Where a model goes."""
        return self.build / name

    def eye(self) -> Eye:
        """The eye that was made here, else the shipped one."""
        made = self.folder("eye")
        return Eye.load(made) if read_card(made) else Eye.shipped()

    def parts(self) -> Parts:
        """The parser that was made here, else the shipped one."""
        made = self.folder("parts")
        return Parts.load(made) if read_card(made) else Parts.shipped()

    def judge(self) -> Judge:
        """The judge of pictures that was made here, else the shipped one."""
        made = self.folder("judge")
        return Judge.load(made) if read_card(made) else Judge.shipped()


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one model is made: `make` trains, saves and measures it; it waits for what it `needs`."""

    make: Callable[[Order, Path, Progress], None]
    load: Callable[[Path], Any]
    """Reads what was made."""
    room: str
    """The room of models in whose weights it ships."""
    needs: tuple[str, ...] = ()


def stamp(name: str) -> str:
    """A stamp that no other training has: what two eyes see cannot be compared."""
    return f"{name}-{time.strftime('%Y%m%d%H%M%S', time.gmtime())}"


def carded(
    order: Order,
    folder: Path,
    name: str,
    version: str,
    train_s: float,
    measures: dict[str, Any],
    met: dict[str, dict[str, Any]],
    **said: Any,
) -> None:
    """The card, which says that the model is finished; `seconds` is what the clock was set to."""
    write_card(
        folder,
        name=name,
        version=version,
        seed=order.seed,
        train_s=train_s,
        device=str(device_of(order.device)),
        measures=measures,
        bars=met,
        seconds=order.seconds,
        **said,
    )
