"""Do recommendations wait while somebody searches by photo? With and without searches; page: beside_search.md.

    python benchmarks/beside_search.py [--source SRC] [--products 1500] [--model transitions] [--rate 50] [--seconds 8]
        [--json]

The same client asks a server whose package lies in `--source` (this checkout's where absent), so that two versions can
be compared. Recommendations leave at Poisson moments (open_loop.py); searches follow one another without a pause.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
LOAD = HERE / "open_loop.py"
PATH = "/v1/recommendations"
COMMAND = "from bottega.serving.cli.main import app; app()"
DEMO = (
    "import sys; from pathlib import Path; from bottega.datasets.demo_store import write_demo_shop as write; "
    "write(Path(sys.argv[1]), products=int(sys.argv[2]), shoppers=int(sys.argv[2]) // 2)"
)


class Package:
    """A version of the package, run in processes of its own."""

    def __init__(self, source: Path, shop: Path) -> None:
        self.shop = shop
        self._env = os.environ | {"PYTHONPATH": str(source), "BOTTEGA_REQUIRE_KEY": "false"}

    def run(self, *arguments: str, code: str = COMMAND) -> None:
        """Run a command to its end."""
        subprocess.run([sys.executable, "-c", code, *arguments], env=self._env, check=True, stdout=subprocess.DEVNULL)

    def serve(self, port: int, log: Path) -> subprocess.Popen[bytes]:
        """A server that answers."""
        call = [sys.executable, "-c", COMMAND, "serve", "--shop", str(self.shop), "--port", str(port)]
        with log.open("wb") as stream:
            process = subprocess.Popen(call, env=self._env, stdout=stream, stderr=stream)
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/health", timeout=1).read()
                return process
            except OSError:
                if process.poll() is not None:
                    raise SystemExit(log.read_text()) from None
                time.sleep(0.2)
        raise SystemExit("The server did not start within two minutes.")

    def make(self, products: int, model: str) -> None:
        """A demo shop with pictures, imported and trained."""
        files = self.shop / "files"
        self.run(str(files), str(products), code=DEMO)
        shop = ("--shop", str(self.shop))
        self.run("import", "catalogue", str(next(files.glob("catalogue*"))), *shop)
        self.run("import", "events", str(next(files.glob("events*"))), *shop)
        self.run("train", "--model", model, *shop)


def street_photo(images: Path) -> bytes:
    """Three products before a wild background: the parser and the eye have work to do."""
    draw = np.random.default_rng(3)
    photo = Image.fromarray(draw.integers(0, 255, (480, 720, 3), dtype=np.uint8))
    for place, path in enumerate(sorted(images.rglob("*.*"))[:3]):
        with Image.open(path) as picture:
            photo.paste(picture.convert("RGB").resize((200, 300)), (20 + 230 * place, 90))
    stream = BytesIO()
    photo.save(stream, "PNG")
    return stream.getvalue()


class Searches:
    """Photo searches one after the other, for as long as the block lasts."""

    def __init__(self, port: int, photo: bytes) -> None:
        self.seconds: list[float] = []
        self._request = urllib.request.Request(
            f"http://127.0.0.1:{port}/v1/search/image?n=6", data=photo, headers={"Content-Type": "image/png"}
        )
        self._over = False
        self._thread = threading.Thread(target=self._search, daemon=True)

    def _search(self) -> None:
        while not self._over:
            started = time.perf_counter()
            urllib.request.urlopen(self._request, timeout=120).read()
            self.seconds.append(time.perf_counter() - started)

    def __enter__(self) -> Searches:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        self._thread.join()


def requests(count: int, shoppers: int) -> list[str]:
    """Lists for known shoppers at home."""
    draw = random.Random(11)
    made = []
    for _ in range(count):
        data = json.dumps({"placement": "home", "user_id": f"u{draw.randrange(shoppers)}"})
        head = f"POST {PATH} HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n"
        made.append(f"{head}Content-Length: {len(data)}\r\n\r\n{data}")
    return made


def asked(port: int, file: Path, rate: float, seconds: float) -> dict[str, Any]:
    """Percentiles of one run."""
    call = [sys.executable, str(LOAD), str(file), "--port", str(port), "--rate", str(rate), "--seconds", str(seconds)]
    found = json.loads(subprocess.run(call, capture_output=True, text=True, check=True).stdout)
    return {name: round(value, 1) for name, value in found.items()}


def measure(package: Package, work: Path, rate: float, seconds: float, shoppers: int) -> dict[str, Any]:
    """Alone, then beside searches."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    file = work / "requests.json"
    file.write_text(json.dumps(requests(500, shoppers)))
    server = package.serve(port, work / "server.log")
    try:
        photo = street_photo(package.shop / "images")
        asked(port, file, rate, 3)
        alone = asked(port, file, rate, seconds)
        with Searches(port, photo) as first:
            time.sleep(0.5)
            beside = asked(port, file, rate, seconds)
    finally:
        server.terminate()
        server.wait(timeout=30)
    took = first.seconds
    return {"alone": alone, "beside": beside, "searches": len(took), "search_s": round(sum(took) / len(took), 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, default=HERE.parent / "src")
    parser.add_argument("--products", type=int, default=1500)
    parser.add_argument("--model", default="transitions")
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        package = Package(chosen.source, work / "shop")
        package.make(chosen.products, chosen.model)
        found = measure(package, work, chosen.rate, chosen.seconds, chosen.products // 2)
    if chosen.json:
        print(json.dumps(found))
        return
    for name in ("alone", "beside"):
        row = found[name]
        print(
            f"{name:7} p50 {row['p50_ms']} ms, p95 {row['p95_ms']} ms, p99 {row['p99_ms']} ms, {row['failed']} failed"
        )
    print(f"{found['searches']} searches, {found['search_s']} s each")


if __name__ == "__main__":
    main()
