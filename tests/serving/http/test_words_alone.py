"""Words are searched for without the eye: nothing of what looks at photos is in a server that was asked for words."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bottega.catalogue.product import Product
from bottega.shop.folder import ShopFolder

ASKED = """
import json, sys
from pathlib import Path
from starlette.testclient import TestClient
from bottega.serving.cli.server import app_of

app = app_of(Path(sys.argv[1]))
key = {"X-API-Key": app.state.door.shop.folder.store.keys.create("test")}
with TestClient(app) as client:

    def ask(path, **body):
        said = client.post(path, json=body, headers=key)
        assert said.status_code == 200, said.text
        return said.json()

    told = {}
    told["found"] = ask("/v1/search", text="red spotligth", facets=True)
    told["counted"] = ask("/v1/search", text="shirt", facets=True)
    told["nothing"] = ask("/v1/search", text="zeppelin")
    told["narrowed"] = ask("/v1/search", text="spotlight", filter={"attributes": {"colour": ["red"]}}, sort="price_up")
    told["completed"] = client.get("/v1/search/completions", params={"text": "spo"}, headers=key).json()
    told["torch after words"] = "torch" in sys.modules
    told["like"] = ask("/v1/search", product_id="spot-red", text="but blue")
    picture = Path(sys.argv[1], "images", "red.png").read_bytes()
    said = client.post("/v1/search/image", files={"photo": ("red.png", picture)}, headers=key)
    assert said.status_code == 200, said.text
    told["torch after a photo"] = "torch" in sys.modules
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process answers to words, and then to a photo; one catalogue photo was looked at by nobody."""
    folder = tmp_path_factory.mktemp("words") / "shop"
    shutil.copytree(trained, folder)
    (folder / "images").mkdir(exist_ok=True)
    Image.new("RGB", (64, 64), "red").save(folder / "images" / "red.png")
    shared: dict[str, Any] = {"category": ("Home", "Spotlights"), "price_minor": 2500, "currency": "EUR"}
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(
            [
                Product(
                    id=f"spot-{colour}",
                    title=f"{colour.title()} spotlight",
                    attributes={"colour": (colour,)},
                    images=("red.png",) if colour == "red" else (),
                    **shared,
                )
                for colour in ("red", "blue")
            ]
        )
    done = subprocess.run([sys.executable, "-c", ASKED, str(folder)], capture_output=True, text=True, timeout=300)
    assert not done.returncode, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_no_search_by_words_loads_torch_though_photos_wait(told: dict[str, Any]) -> None:
    assert [item["product_id"] for item in told["found"]["items"]][:1] == ["spot-red"]
    assert told["found"]["read_as"] == {"spotligth": ["spotlight"]} and told["counted"]["facets"]
    assert told["narrowed"]["total"] == 1 and told["nothing"]["total"] == 0
    assert "Red spotlight" in [item["text"] for item in told["completed"]["items"]]
    assert told["found"]["photos_waiting"] == 1, "nobody looked at it"
    assert told["torch after words"] is False


def test_the_eye_comes_with_the_first_search_that_looks(told: dict[str, Any]) -> None:
    """So the test above would notice an eye that came with words."""
    assert told["like"]["items"][0]["product_id"] == "spot-blue" and told["like"]["photos_waiting"] == 0
    assert told["torch after a photo"] is True
