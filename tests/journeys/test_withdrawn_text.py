"""A fact changes: the text that claimed it goes, at every door, and another one is written that is true."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from bottega.serving.cli.main import app as command
from bottega.serving.http.app import create_app
from bottega.shop.folder import ShopFolder

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette asks for a successor of httpx that few have yet
    from starlette.testclient import TestClient

WATCH = {
    "id": "w1",
    "title": "Titan Women Silver Watch",
    "category": ["Accessories", "Watches"],
    "attributes": {"color": ["Silver"], "gender": ["Women"], "strap": ["leather"]},
}


def run(folder: Path, *words: str) -> Any:
    """A command, and its answer where it is JSON."""
    ran = CliRunner().invoke(command, [*words, "--shop", str(folder)])
    assert ran.exit_code == 0, ran.output
    if "--json" not in words:
        return ran.stdout
    return json.loads(ran.stdout[ran.stdout.index("{\n") :])  # the server of this very process may log a line before


def suggested(client: TestClient, state: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/v1/suggestions", params={"kind": "text", "state": state}).json()[
        "suggestions"
    ]
    return found


def described(client: TestClient) -> str:
    (product,) = client.post("/v1/products/query", json={"ids": ["w1"]}).json()["products"]
    return str(product["description"])


def test_a_changed_fact_takes_its_text_along_over_http_and_at_the_command_line(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    with ShopFolder.open(folder) as shop:
        key = shop.store.keys.create("test")
    with TestClient(create_app(folder), headers={"X-API-Key": key}) as client:
        client.post("/v1/products", json=[WATCH]).raise_for_status()
        assert run(folder, "suggestions", "write", "w1", "--parts", "description", "--json")["suggested"] == 1
        (first,) = suggested(client, "open")
        assert "leather" in first["value"] and "strap=leather" in first["facts"]
        client.post(
            "/v1/suggestions/decide", json={"decision": "accept", "numbers": [first["number"]]}
        ).raise_for_status()
        assert described(client) == first["value"]

        client.patch("/v1/products", json={"id": "w1", "attributes": {"strap": ["steel"]}}).raise_for_status()
        assert described(client) == ""
        assert [one["number"] for one in suggested(client, "withdrawn")] == [first["number"]]
        (second,) = suggested(client, "open")
        assert "steel" in second["value"] and "leather" not in second["value"]
        run(folder, "suggestions", "accept", str(second["number"]))
        (listed,) = run(folder, "suggestions", "list", "--kind", "text", "--state", "accepted", "--json")["suggestions"]
        assert listed["value"] == second["value"]

        (listing,) = client.post("/v1/describe", json={"product_ids": ["w1"]}).json()["listings"]
        assert listing["refused"] == [] and "leather" not in json.dumps(listing)
        run(folder, "products", "change", "w1", "strap=titanium")
        assert [one["number"] for one in suggested(client, "withdrawn")] == [second["number"], first["number"]]
        (third,) = suggested(client, "open")
        assert "titanium" in third["value"] and "steel" not in third["value"]
