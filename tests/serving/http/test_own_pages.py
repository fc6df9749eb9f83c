"""Pages of the server itself: the manual from files of the package, a landing page, a page for what is not there."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bottega.serving.http import own_pages
from bottega.serving.http.app import create_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette asks for a successor of httpx that few have yet
    from starlette.testclient import TestClient

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = Path(own_pages.__file__).parents[1] / "pages"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(tmp_path)) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/docs", "/check", "/no/such/address"])
def test_a_page_names_files_of_this_server_alone_and_they_are_there(client: TestClient, path: str) -> None:
    page = client.get(path, headers=BROWSER)
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert re.findall(r"https?:", page.text) == []
    names = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
    assert names
    for name in names:
        response = client.get(f"/{name.lstrip('./')}")
        assert response.status_code in (200, 401), name
    assert any(name.endswith("docs/pages.css") for name in names), "all of them look alike"
    assert "<script>" not in page.text and 'lang="en"' in page.text and "<h1>" in page.text


def test_no_file_of_the_pages_names_another_host() -> None:
    for path in [*(PAGES / "static").iterdir(), *(PAGES / "templates").iterdir()]:
        hosts = set(re.findall(r"https?://([\w.-]+)", path.read_text()))
        assert hosts <= {"www.w3.org"}, path.name  # the name space of SVG


def test_the_landing_page_leads_to_the_manual_and_names_the_setting(client: TestClient) -> None:
    page = client.get("/").text
    assert "storefront = true" in page
    assert {"/docs", "/check", "/v1/health"} <= set(re.findall(r'href="([^"]+)"', page))


def test_an_unknown_address_gets_a_page_in_a_browser_and_json_in_a_program(client: TestClient) -> None:
    page = client.get("/no/<b>such</b>", headers=BROWSER)
    assert page.status_code == 404
    assert "Nothing here" in page.text
    assert "<b>such" not in page.text and "&lt;b&gt;such" in page.text
    for headers in ({"accept": "application/json"}, {"accept": "*/*"}):
        program = client.get("/no/such", headers=headers)
        assert (program.status_code, program.json()["error"]["code"]) == (404, "not_found")
    assert client.post("/no/such", headers=BROWSER).json()["error"]["code"] == "not_found"


def test_every_group_of_routes_has_a_title_in_the_manual(open_door: Callable[..., Any]) -> None:
    script = (PAGES / "static" / "docs.js").read_text()
    titled = set(re.findall(r"^  (\w+): \"", script, re.MULTILINE))
    paths = open_door(None).client.app.openapi()["paths"]
    tags = {tag for methods in paths.values() for one in methods.values() for tag in one.get("tags", [])}
    assert tags == titled
