"""Fuzz every reader of feeds and events with atheris, which looks for bytes that reach code not reached before.

    pip install 'bottega[fuzz]'
    python tests/fuzz/readers.py --seconds 600 [--corpus FOLDER]

Whatever the bytes: products and problems come out whose counts add up, or one of our own errors. The first input that
does otherwise ends the run and is left as `crash-*`.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

atheris: Any = importlib.import_module("atheris")

importlib.import_module("bottega.sources.guessing")  # counting letters has no branches that are worth the time
with atheris.instrument_imports(include=["bottega.sources", "bottega.catalogue", "bottega.events"]):
    from tests.catalogue.samples import SAMPLES

    from bottega.catalogue.check import FeedCheck
    from bottega.catalogue.readers.base import Reading
    from bottega.catalogue.readers.columns.mapping import Mapping
    from bottega.catalogue.readers.registry import READERS
    from bottega.errors import InputError
    from bottega.events.readers.base import Reading as EventReading
    from bottega.events.readers.registry import READERS as EVENT_READERS
    from bottega.sources.source import Source

__all__ = ["main", "one_input"]


def one_input(data: bytes) -> None:
    """The first byte chooses the reader, the second how the rest is packed."""
    if len(data) < 3:
        return
    choice, packing, content = data[0], data[1], data[2:]
    if packing % 8 == 0:
        content = gzip.compress(content, 1)
    elif packing % 8 == 1:
        content = content.decode("utf-8", "replace").encode("utf-16")
    try:
        source = Source.page("feed", content)
        if choice >= 200:
            _read_events(EVENT_READERS[choice % len(EVENT_READERS)], source)
        else:
            _read_feed(READERS[choice % len(READERS)], source)
    except InputError as error:
        assert str(error)


def _read_feed(reader: Any, source: Source) -> None:
    reader.recognises(source)
    problems: list[Any] = []
    reading = Reading(source, problems.append, Mapping(), "USD", now_ms=1_780_000_000_000)
    check = FeedCheck(reader.natural_groups)
    products = 0
    for product in reader.read(reading):
        products += 1
        check.add(product)
        assert product.model_dump_json()
    check.end()
    assert reading.read == products + reading.rejected, (reading.read, products, reading.rejected)


def _read_events(reader: Any, source: Source) -> None:
    reader.recognises(source)
    problems: list[Any] = []
    reading = EventReading(source, problems.append)
    for batch in reader.read(reading):
        assert all(len(column) == len(batch.places) for column in batch.columns.values())


def main() -> None:
    """Run for the time asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--corpus", type=Path, default=None)
    asked = parser.parse_args()
    corpus = asked.corpus or Path(tempfile.mkdtemp(prefix="corpus-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for place, reader in enumerate(READERS):
        if reader.name in SAMPLES:
            (corpus / reader.name).write_bytes(bytes([place, 7]) + SAMPLES[reader.name][1].encode())
    atheris.Setup(
        [sys.argv[0], str(corpus), f"-max_total_time={asked.seconds}", "-max_len=2048", "-timeout=20"],
        one_input,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
