"""The frame: what is wrong with a form stands above it, what was done is said once, files hold no formulas."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import APIRouter, Request, Response
from PIL import Image

from bottega.errors import RequestInvalid
from bottega.serving.console.frame import Page, form_of, visit_of
from bottega.serving.console.routes import console_router
from bottega.serving.console.saying import read_said, written_said

HERE = Page("/console/try", "Try")


@pytest.fixture
def tried(merchant: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A page with one form."""
    router = APIRouter()

    @router.get("/console/try")
    async def show(request: Request) -> Response:
        visit = await visit_of(request)
        if visit.wants_csv:
            return visit.csv("tried", ["id", "n"], [["=1+1", -2], ["plain", 3]])
        return visit.page("bare_form.html", HERE)

    @router.post("/console/try")
    async def save(request: Request) -> Response:
        visit, form = await form_of(request)
        assert set(form) == {"name", "password"}
        if form["name"] != "right":
            raise RequestInvalid("The name is wrong.", allowed="Right ones are.", next_step="Say right.")
        return visit.done("/console/try?x=1", "Saved <b>it</b>.", undo=("/console/try", {"id": "a&b"}))

    from jinja2 import ChoiceLoader, DictLoader

    from bottega.serving.console import rendering

    page = (
        '{% extends "frame.html" %}{% import "kit.html" as kit %}{% block page %}<form method="post" '
        "action=\"{{ url('/console/try') }}\">{{ csrf }}{{ kit.field('name', 'Name', 'first') }}"
        "{{ kit.field('password', 'Password', type='password') }}</form>{{ 1200 | money }} {{ 1234567 | count }} "
        "{{ 0.1234 | percent }} {{ 0 | when }}{% endblock %}"
    )
    environment = rendering._environment()
    assert environment.loader
    monkeypatch.setattr(environment, "loader", ChoiceLoader([DictLoader({"bare_form.html": page}), environment.loader]))
    monkeypatch.setattr(console_router(), "routes", [*router.routes, *console_router().routes])
    return merchant


def test_a_wrong_form_stands_on_its_page_again(tried: Any) -> None:
    again = tried.submit("/console/try", back="/console/try?x=1", name="wr<o>ng", password="kept from pages")
    assert again.status_code == 422
    for words in ("The name is wrong.", "Right ones are.", "Say right.", 'value="wr&lt;o&gt;ng"', "<h1>Try</h1>"):
        assert words in again.text
    assert "kept from pages" not in again.text
    elsewhere = tried.submit("/console/try", back="//evil.example/", name="x", password="")
    assert elsewhere.status_code == 422 and "<h1>Home</h1>" in elsewhere.text


def test_what_was_done_is_said_once_with_its_undo(tried: Any) -> None:
    page = tried.submit("/console/try", name="right", password="x")
    assert page.url.query == b"x=1" and page.status_code == 200
    assert "Saved &lt;b&gt;it&lt;/b&gt;." in page.text and 'name="id" value="a&amp;b"' in page.text
    assert 'value="first"' in page.text
    assert "Saved" not in tried.get("/console/try").text


def test_numbers_money_and_moments_are_written_for_people(tried: Any) -> None:
    text = tried.get("/console/try").text
    assert "$12.00" in text and "1,234,567" in text and "12.3%" in text
    assert 'datetime="1970-01-01T00:00:00+00:00"' in text and "years ago" in text


def test_a_file_of_rows_holds_no_formula(tried: Any) -> None:
    file = tried.get("/console/try?form=csv")
    assert file.text == "\ufeffid,n\r\n'=1+1,-2\r\nplain,3\r\n"
    assert file.headers["content-disposition"] == 'attachment; filename="tried.csv"'


def test_what_is_said_is_of_one_session() -> None:
    written = written_said("Done.", ("/console/x", {"number": 3}), "mine")
    assert read_said(written, "mine") == ("Done.", ("/console/x", {"number": "3"}))
    assert read_said(written, "other") is None and read_said("x.y", "mine") is None and read_said("", "mine") is None
    long = written_said("w" * 900, ("/console/x", {"ids": "1," * 4000}), "mine")
    assert len(long) < 4000 and read_said(long, "mine") == (f"{'w' * 399}…", None)


def test_a_shop_without_keys_takes_forms_of_its_own_pages(open_door: Any) -> None:
    door = open_door(None, require_key=False)
    assert "asks for no key" in door.client.get("/console").text
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        refused = door.client.post("/console/log-out", headers=headers)
        assert refused.status_code == 403 and "did not stand on a page of this shop" in refused.text
    own = door.client.post("/console/log-out", headers={"Origin": "http://testserver"}, follow_redirects=False)
    assert own.status_code == 303


def test_nothing_of_the_console_is_loaded_with_the_server() -> None:
    from bottega.serving.http import app

    source = Path(app.__file__).read_text() + Path(app.__file__).with_name("console_door.py").read_text()
    top = {
        line.split()[1] for line in source.splitlines() if line.startswith(("from", "import")) and ".console." in line
    }
    assert top == {"bottega.serving.console.asked"}


def test_pictures_are_of_the_shops_folder_alone(merchant: Any) -> None:
    for path in ("../shop.db", "/etc/passwd", "%2e%2e/shop.db", "none.jpg", ""):
        assert merchant.get("/console/picture", params={"path": path}).status_code == 404, path
    folder = merchant.shop.folder.images
    folder.mkdir(exist_ok=True)
    (folder / "a b.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>")
    shown = merchant.get("/console/picture", params={"path": "a b.svg"})
    assert shown.status_code == 200 and "sandbox" in shown.headers["content-security-policy"]


def test_lists_get_thumbnails(merchant: Any) -> None:
    folder = merchant.shop.folder.images
    folder.mkdir(exist_ok=True)
    Image.new("RGB", (900, 600), "teal").save(folder / "wide.jpg")
    small = merchant.get("/console/picture", params={"path": "wide.jpg", "w": 96})
    assert Image.open(io.BytesIO(small.content)).size == (160, 107) and small.headers["content-type"] == "image/webp"
    assert small.headers["cache-control"] == "private, max-age=86400"
    whole = merchant.get("/console/picture", params={"path": "wide.jpg"})
    assert Image.open(io.BytesIO(whole.content)).size == (900, 600)


def test_addresses_of_pictures(merchant: Any) -> None:
    from bottega.serving.console import rendering

    token = rendering._VISIT.set(SimpleNamespace(root="/s/nord"))  # type: ignore[arg-type]
    try:
        shown = partial(rendering._picture_of, width=96)
        assert shown({"images": ("a b/c.jpg",)}) == "/s/nord/console/picture?path=a%20b%2Fc.jpg&w=96"
        assert shown({"image": "/s/nord/images/c.jpg"}) == "/s/nord/console/picture?path=c.jpg&w=96"
        assert shown("https://x.example/a.jpg") == "https://x.example/a.jpg"
        assert shown(SimpleNamespace(images=())) is None and shown({"images": ("javascript:alert(1)",)}) == (
            "/s/nord/console/picture?path=javascript%3Aalert%281%29&w=96"
        )
    finally:
        rendering._VISIT.reset(token)
