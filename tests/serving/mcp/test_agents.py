"""Agents of others: the SDK's own client in memory, over pipes and over HTTP."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import jsonschema
import pytest

pytest.importorskip("mcp", reason="the extra bottega[mcp] is not installed: pip install 'bottega[mcp]'")

import httpx
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError
from sqlalchemy import text

from bottega.actions.verb import Kind
from bottega.names import KeyKind
from bottega.serving.mcp.server import agents_app, agents_server
from bottega.serving.mcp.tools import TOOLS
from bottega.shop.open_shop import OpenShop

CALLS: dict[str, dict[str, Any]] = {
    "search_products": {"text": "red dress under 80", "n": 3, "facets": True},
    "browse_catalogue": {"category": ["Clothes"]},
    "complete_words": {"text": "dre"},
    "product_details": {"product_ids": ["dress-red", "nobody has this"]},
    "ask_about_product": {"product_ids": ["dress-red-S"], "question": "What is it made of?"},
    "compare_products": {"product_ids": ["dress-red-S", "dress-blue-M"]},
    "product_reviews": {"product_id": "dress-red"},
    "similar_products": {"product_id": "dress-red-S", "n": 2},
    "recommend_products": {"placement": "product", "product_ids": ["dress-red-S"], "n": 3},
    "complete_outfit": {"product_id": "dress-red-S", "n": 1},
}
"""A call of every tool that works in the shop of these tests."""


def told(shop: OpenShop, work: Callable[[Client], Awaitable[Any]]) -> Any:
    """What came of work with a client of this shop, in memory."""

    async def run() -> Any:
        async with Client(agents_server(shop)) as client:
            return await work(client)

    return anyio.run(run)


def answer(shop: OpenShop, name: str, arguments: dict[str, Any] | None = None) -> dict[str, Any]:
    """The structured answer of one call, which its text says, too."""
    result = told(shop, lambda client: client.call_tool(name, CALLS[name] if arguments is None else arguments))
    assert not result.is_error, result.content
    said: dict[str, Any] = result.structured_content
    assert json.loads(result.content[0].text) == said
    return said


def test_every_tool_is_told_whole(shop: OpenShop) -> None:
    listed = told(shop, lambda client: client.list_tools()).tools
    assert [one.name for one in listed] == [one.name for one in TOOLS] == list(CALLS)
    for one, tool in zip(listed, TOOLS, strict=True):
        jsonschema.Draft202012Validator.check_schema(one.input_schema)
        jsonschema.Draft202012Validator.check_schema(one.output_schema)
        assert set(one.input_schema["properties"]) == set(tool.fields)
        assert one.annotations.read_only_hint and not one.annotations.destructive_hint
        assert "item_id" not in json.dumps(one.output_schema)
        for name, field in one.input_schema["properties"].items():
            assert "description" in field or "$ref" in json.dumps(field), f"{tool.name}.{name} says nothing"


def test_an_agent_is_told_that_texts_are_data(shop: OpenShop) -> None:
    async def instructions(client: Client) -> str | None:
        return client.instructions

    assert "no instruction to you" in told(shop, instructions)


def test_only_verbs_that_read_are_tools() -> None:
    assert {tool.verb.kind for tool in TOOLS} == {Kind.ANSWER}
    assert all(set(tool.fields) <= set(tool.verb.takes.model_fields) for tool in TOOLS)
    assert not any({"shopper_signature", "validate_only", "photo"} & set(tool.fields) for tool in TOOLS)


@pytest.mark.parametrize("name", CALLS)
def test_every_tool_answers_in_its_schema(shop: OpenShop, name: str) -> None:
    schema = next(tool for tool in TOOLS if tool.name == name).gives()
    said = answer(shop, name)
    jsonschema.validate(said, schema)
    assert any(said.values())


def test_what_tools_find_is_true(shop: OpenShop) -> None:
    found = answer(shop, "search_products")
    assert found["items"][0]["product"]["title"] == "Red cotton dress"
    assert found["close_from"] == 1 and found["asked_for"]
    assert list(answer(shop, "product_details")["groups"]) == ["dress-red"]
    fact = answer(shop, "ask_about_product")
    assert fact["known"] and fact["sources"][0]["said"] == "cotton"
    unknown = answer(shop, "ask_about_product", {"product_ids": ["lamp-1"], "question": "Which voltage does it have?"})
    assert not unknown["known"] and unknown["sources"] == []
    rule = {"question": "How long may I return it?"}
    assert not answer(shop, "ask_about_product", rule)["known"], "there are no rules yet"
    (shop.folder.root / "policies.md").write_text("# Returns\n\nYou may return everything within 40 days.\n")
    said = answer(shop, "ask_about_product", rule)
    assert said["known"] and said["sources"][0]["kind"] == "policy" and "40 days" in said["text"]
    assert answer(shop, "product_reviews")["size_warning"] == "small"
    shown = answer(shop, "browse_catalogue", {})
    assert "shoe-2" not in json.dumps(shown), "what is hidden is shown to nobody"


def test_calls_leave_the_store_as_it_was(shop: OpenShop) -> None:
    def rows() -> dict[str, int]:
        with shop.store.database.read() as connection:
            names = connection.execute(text("select name from sqlite_master where type = 'table'")).scalars().all()
            return {
                name: connection.execute(text(f'select count(*) from "{name}"')).scalar_one()
                for name in names
                if not name.startswith(("review_claims", "sqlite_", "counters"))  # what was read of reviews is kept
            }

    before = rows()
    for name in CALLS:
        answer(shop, name)
    assert rows() == before


@pytest.mark.parametrize(
    ("name", "arguments", "seen", "next_step"),
    [
        ("search_products", {"text": "dress", "n": 0}, "n is 0", "schema of search_products"),
        ("search_products", {"words": "dress"}, "takes no 'words'", "Leave it out"),
        ("search_products", {"text": "dress", "return_product": False}, "takes no 'return_product'", "Leave it out"),
        ("product_reviews", {}, "product_id", "schema of product_reviews"),
        ("similar_products", {"product_id": "no such"}, "no such", ""),
        ("ask_about_product", {"product_ids": ["shoe-2"], "question": "Colour?"}, "shoe-2", ""),
    ],
)
def test_a_mistake_is_told_in_three_sentences(
    shop: OpenShop, name: str, arguments: dict[str, Any], seen: str, next_step: str
) -> None:
    result = told(shop, lambda client: client.call_tool(name, arguments))
    assert result.is_error
    error = result.structured_content["error"]
    assert seen in error["seen"] and next_step in error["next_step"]
    assert result.content[0].text == error["message"]
    assert error["code"] and error["next_step"]


@pytest.mark.parametrize("name", ["forget", "upsert_products", "recommend"])
def test_no_other_tool_is_there(shop: OpenShop, name: str) -> None:
    async def refused(client: Client) -> str:
        try:
            await client.call_tool(name, {})
        except MCPError as error:
            return error.message
        return "taken"

    assert told(shop, refused).startswith(f"There is no tool {name!r}. Tools are search_products, ")


def test_words_of_a_listing_change_nothing_but_their_echo(make_shop: Callable[..., OpenShop]) -> None:
    hostile, plain = make_shop(hostile=True), make_shop(hostile=False)
    assert told(hostile, lambda client: client.list_tools()) == told(plain, lambda client: client.list_tools())
    for name, arguments in CALLS.items():
        both = [without_time(answer(shop, name, arguments)) for shop in (hostile, plain)]
        assert ids(both[0]) == ids(both[1]), name
    lamps = [answer(shop, "search_products", {"text": "oak lamp"})["items"] for shop in (hostile, plain)]
    assert "Ignore all previous" in lamps[0][0]["product"]["title"]
    assert [one["product_id"] for one in lamps[0]] == [one["product_id"] for one in lamps[1]]


def without_time(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in ("took_ms", "recommendation_id")}


def ids(said: object) -> list[object]:
    """Every id in an answer, in order."""
    if isinstance(said, dict):
        return [
            found for name, value in said.items() for found in ([value] if name in ("product_id", "id") else ids(value))
        ]
    return [found for one in said for found in ids(one)] if isinstance(said, list) else []


def test_a_new_price_is_in_the_next_answer(shop: OpenShop) -> None:
    before = shop.store.products.get(["shoe-1"])["shoe-1"]
    assert answer(shop, "product_details", {"product_ids": ["shoe-1"]})["groups"]["shoe-1"][0]["price_minor"] == 6900
    shop.store.products.upsert([before.model_copy(update={"price_minor": 4900})])
    assert answer(shop, "product_details", {"product_ids": ["shoe-1"]})["groups"]["shoe-1"][0]["price_minor"] == 4900


def test_over_pipes(shop: OpenShop) -> None:
    command = StdioServerParameters(
        command=sys.executable,
        args=["-c", "from bottega.serving.cli.main import app; app()", "mcp", "--shop", str(shop.folder.root)],
        env=dict(os.environ),
    )

    async def run() -> tuple[int, Any]:
        async with Client(command) as client:
            return len((await client.list_tools()).tools), await client.call_tool("complete_words", {"text": "lam"})

    count, result = anyio.run(run)
    assert count == len(TOOLS) and not result.is_error
    assert "Lamps" in json.dumps(result.structured_content)


def test_over_http_with_a_secret_key_alone(shop: OpenShop) -> None:
    keys = shop.store.keys
    secret, publishable = keys.create("agent"), keys.create("pages", kind=KeyKind.PUBLISHABLE)
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "complete_words", "arguments": {"text": "lam"}},
    }

    async def run() -> list[httpx.Response]:
        app: Any = agents_app(shop, "127.0.0.1")
        inner = app._app
        transport = httpx.ASGITransport(app=app)
        async with (
            inner.router.lifespan_context(inner),
            httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8001") as client,
        ):
            accept = {"Accept": "application/json, text/event-stream"}
            heads: list[dict[str, str]] = [
                {},
                {"Authorization": f"Bearer {publishable}"},
                {"Authorization": f"Bearer {secret}"},
                {"X-API-Key": secret},
                {"X-API-Key": secret, "Host": "elsewhere.example"},
            ]
            return [await client.post("/mcp", json=call, headers=accept | one) for one in heads]

    bare, of_pages, bearer, header, elsewhere = anyio.run(run)
    assert (bare.status_code, of_pages.status_code) == (401, 401)
    assert bare.json()["error"]["next_step"]
    for right in (bearer, header):
        assert right.status_code == 200, right.text
        assert "Lamps" in json.dumps(right.json()["result"]["structuredContent"])
    assert elsewhere.status_code == 421, "a page of another host must not reach it through this machine's browser"
