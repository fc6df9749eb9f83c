"""What a server holds in memory, and how soon it answers: bare, then what a search by words and one by photo add.

    python benchmarks/memory.py [--shop FOLDER] [--workers 1] [--json]

Resident memory of the server (all its processes) after its first list, after a hundred, after the first search by
words and after the first by photo; seconds from the command to the health check and to the first list. Without --shop
the demo shop is drawn, imported and trained first.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from common import BOTTEGA, machine
from serving import bottega_server, one_answer, questions

LISTS = 100
BOUNDARY = "photo-of-the-benchmark"


def resident_mb(pids: list[int]) -> float:
    """Resident memory of processes, pages that they share counted once (Pss; Linux)."""
    total_kb = 0
    for pid in pids:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        total_kb += next(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
    return total_kb / 1024


def post(port: int, key: str, path: str, body: bytes, kind: str) -> bytes:
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", body, {"Content-Type": kind, "X-API-Key": key}, method="POST"
    )
    found: bytes = urllib.request.urlopen(asked, timeout=300).read()
    return found


def photo_form(photo: Path) -> bytes:
    """A form with one photo."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photo"; filename="{photo.name}"\r\n'
    return (
        (head + "Content-Type: image/jpeg\r\n\r\n").encode() + photo.read_bytes() + f"\r\n--{BOUNDARY}--\r\n".encode()
    )


def measure(shop: Path, workers: int) -> dict[str, float]:
    """The figures, by name; photos are asked about where the shop has any."""
    requests, key = questions(shop, LISTS)
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as work:
        started = time.perf_counter()
        with bottega_server(shop, Path(work) / "server.log", workers=workers) as server:
            found["healthy_s"] = round(time.perf_counter() - started, 2)
            one_answer(server.port, requests[0], key)
            found["first_answer_s"] = round(time.perf_counter() - started, 2)
            found["bare_mb"] = round(resident_mb(server.pids))
            for request in requests:
                one_answer(server.port, request, key)
            found["after_lists_mb"] = round(resident_mb(server.pids))
            post(server.port, key, "/v1/search", b'{"text": "red lamp"}', "application/json")
            found["after_words_mb"] = round(resident_mb(server.pids))
            photos = sorted(path for path in (shop / "images").rglob("*") if path.is_file())
            if photos:
                kind = f"multipart/form-data; boundary={BOUNDARY}"
                post(server.port, key, "/v1/search/image", photo_form(photos[0]), kind)
                found["after_photo_mb"] = round(resident_mb(server.pids))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shop", type=Path, help="a trained shop instead of a new demo shop")
    parser.add_argument("--workers", type=int, default=1, help="processes of the server")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        shop = chosen.shop or Path(work) / "shop"
        if chosen.shop is None:
            subprocess.run([BOTTEGA, "demo", "--no-serve", "--shop", shop], stdout=sys.stderr, check=True)
        found = measure(shop, chosen.workers)
    if chosen.json:
        print(json.dumps(found))
        return
    print(f"{machine()}\n\n| | |\n|---|---|")
    for name, value in found.items():
        print(f"| {name} | {value:g} |")


if __name__ == "__main__":
    main()
