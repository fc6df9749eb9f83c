"""Letters: what one says, in whose language, and what it never says; how they go out, once, and how one gets out."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from tests.actions.messages.mail_stand_in import Post, mail_stand_in
from typer.testing import CliRunner

from bottega.actions.messages.preview import preview_message
from bottega.actions.messages.report import letters_sent
from bottega.actions.messages.send import send_messages
from bottega.actions.messages.shapes import (
    Letter,
    LettersRequest,
    PreviewRequest,
    SendRequest,
    UnsubscribeRequest,
)
from bottega.actions.messages.unsubscribe import unsubscribe
from bottega.actions.messages.ways import message_of
from bottega.actions.shoppers.export_shopper import export_shopper
from bottega.actions.shoppers.forget import forget
from bottega.actions.shoppers.shapes import ShopperRequest, TellShopperRequest
from bottega.actions.shoppers.shopper import tell_shopper
from bottega.catalogue.product import Product
from bottega.connectors.mail import MailServer
from bottega.errors import LetterNotTaken, SettingsInvalid, ShopperUnknown
from bottega.events.event import Event
from bottega.languages.writing import writing, writing_languages
from bottega.models.wording.verify import verify
from bottega.names import Availability, EventKind
from bottega.reach import Reach
from bottega.serving.cli.main import app
from bottega.shop.listings.listing_facts import facts_of, title_words
from bottega.shop.open_shop import OpenShop
from bottega.shop.shoppers.letter_links import letter_id_of, shopper_of, token_of, with_letter

LAMP = Product(
    id="lamp",
    title='Oak <Lamp> & "Shade"',
    brand="Nord",
    category=("Home", "Lamps"),
    attributes={"color": ("Black",), "material": ("Wood",)},
    price_minor=2000,
    currency="EUR",
    url="https://nord.example/lamp?x=1#top",
    images=("https://nord.example/lamp.jpg",),
)
MUG = Product(
    id="mug",
    title="Enamel Mug",
    price_minor=900,
    currency="EUR",
    url="javascript:alert(1)",
    images=("mug.jpg",),
)
HERE = Reach(private=True)
TOML = 'letters_quiet = "0-0"\nshop_name = "Nord"\npublic_url = "https://nord.example/b"\n'


def ago(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat()


def opened(folder: Path, more: str = "") -> OpenShop:
    (folder / "bottega.toml").write_text(TOML + more)
    shop = OpenShop.open(folder)
    shop.upsert([LAMP, MUG, Product(id="tea", title="Green Tea")])
    rows = [("ana", "add_to_cart", "lamp", 6), ("ana", "add_to_cart", "mug", 7), ("bob", "add_to_cart", "mug", 6)]
    shop.record(
        [
            Event(shopper_id=who, kind=EventKind(kind), product_id=what, time_ms=_ms(hours))
            for who, kind, what, hours in rows
        ]
    )
    tell(shop, "ana", name="Ana", email="ana@x.example", language="de-AT")
    return shop


def _ms(hours: float) -> int:
    return time.time_ns() // 1_000_000 - int(hours * 3_600_000)


def tell(shop: OpenShop, who: str, *, messages: str = "yes", **fields: Any) -> None:
    said = {"shopper": who, "consent": {"messages": messages}, "consent_time": ago(24 * 30), **fields}
    tell_shopper(shop, TellShopperRequest.model_validate(said))


def with_shirts(shop: OpenShop, who: str) -> None:
    """A red cotton shirt in a cart, and others of cotton that were bought."""
    colours, fits = ("Red", "Blue", "Green", "Black"), ("wide", "narrow", "loose", "short")
    shop.upsert(
        [
            Product(
                id=f"shirt-{at}",
                title=f"Shirt number {at}",
                brand="Lana",
                category=("Clothing", "Shirts"),
                attributes={
                    "color": (colours[at % 4],),
                    "material": (("Cotton", "Linen")[at // 4 % 2],),
                    "fit": (fits[at // 8 % 4],),
                },
                price_minor=2000 + at,
                currency="EUR",
            )
            for at in range(32)
        ]
    )
    cottons = [(EventKind.PURCHASE, f"shirt-{at}", 30 + at) for at in (9, 10, 11, 17, 18)]
    shop.record(
        [
            Event(shopper_id=who, kind=kind, product_id=what, time_ms=_ms(hours))
            for kind, what, hours in [*cottons, (EventKind.ADD_TO_CART, "shirt-0", 6)]
        ]
    )


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    with opened(tmp_path) as one:
        yield one


def letter_to(shop: OpenShop, who: str = "ana", kind: str = "cart") -> Letter:
    answer = preview_message(shop, PreviewRequest.model_validate({"shopper": who, "kind": kind}))
    assert answer.letter is not None
    return answer.letter


def test_a_letter_in_the_shoppers_language_says_what_facts_bear_out(shop: OpenShop) -> None:
    letter = letter_to(shop)
    assert letter.language == "de" and letter.to == "ana@x.example" and "Ana" in letter.greeting
    assert letter.subject.startswith("Noch im Warenkorb: Oak")
    lamp, mug = letter.products
    assert lamp.title == LAMP.title and lamp.price == "20,00\xa0€" and lamp.image == LAMP.images[0]
    assert lamp.reasons[0].text.endswith("in den Warenkorb gelegt.")
    assert (lamp.reasons[0].event, lamp.reasons[0].product_id) == ("add_to_cart", "lamp")
    assert (mug.url, mug.image) == (None, None), "no script, no path of this machine"
    sheets = facts_of(shop.store, [LAMP, MUG], title_words(shop.folder))
    for one in letter.products:
        assert not one.about or verify(one.about, sheets[one.product_id], "de").proved
    assert any(one.about for one in letter.products)
    assert f"bottega_letter={letter.letter_id}#top" in str(lamp.url) and letter.unsubscribe_url in letter.text
    assert "&lt;Lamp&gt; &amp;" in letter.html and "<Lamp>" not in letter.html
    assert letter_to(shop) == letter, "the same letter another time"


def test_a_name_cannot_bring_markup_or_headers_along(shop: OpenShop) -> None:
    tell(shop, "ana", name="<b>A</b>\u2028Bcc: all@x.example")
    letter = letter_to(shop)
    assert "<b>" not in letter.html and "\u2028" not in letter.greeting
    assert message_of(letter, "shop@nord.example")["Bcc"] is None


def test_preview_says_why_it_would_not_go_out(shop: OpenShop) -> None:
    def why(who: str, kind: str = "cart") -> tuple[bool, str]:
        answer = preview_message(shop, PreviewRequest.model_validate({"shopper": who, "kind": kind}))
        return answer.due, answer.why_not

    assert why("ana") == (True, "") and why("bob") == (False, "no_consent")
    assert why("ana", "back") == (False, "nothing_to_say") and why("ana", "welcome") == (False, "not_yet")
    tell(shop, "bob")
    assert why("bob") == (False, "no_address")
    with pytest.raises(ShopperUnknown):
        why("a-stranger")


def test_price_and_back_follow_from_looks(shop: OpenShop) -> None:
    send_all(shop, Post())
    gone = MUG.model_copy(update={"availability": Availability.OUT_OF_STOCK})
    shop.upsert([LAMP.model_copy(update={"price_minor": 1500}), gone])
    send_all(shop, Post())
    shop.upsert([MUG])
    send_all(shop, Post())
    price, back = letter_to(shop, kind="price"), letter_to(shop, kind="back")
    assert [one.product_id for one in price.products] == ["lamp"] and [one.product_id for one in back.products] == [
        "mug"
    ]
    assert "Kostet jetzt 15,00\xa0€ statt 20,00\xa0€." in price.products[0].reasons[0].text


def test_every_language_has_every_sentence_with_the_same_gaps() -> None:
    english = {name: set(re.findall(r"{(\w+)}", said)) for name, said in writing("en").letters.items()}
    for code in writing_languages():
        assert {name: set(re.findall(r"{(\w+)}", said)) for name, said in writing(code).letters.items()} == english


def send_all(shop: OpenShop, post: Post, **settings: Any) -> Any:
    with mail_stand_in(post) as server:
        address = f"smtp://127.0.0.1:{server.port}"
        given = {"letters_smtp": address, "letters_from": "Nord <shop@nord.example>", **settings}
        object.__setattr__(shop, "settings", shop.settings.model_copy(update=given))
        return send_messages(shop, SendRequest())


def test_a_letter_goes_out_once_with_the_way_out_in_its_headers(shop: OpenShop) -> None:
    post = Post()
    dry = send_messages(shop, SendRequest(dry_run=True))
    assert [one.result for one in dry.letters] == ["would_send"] and shop.store.letters.of_shopper("ana") == []
    answer = send_all(shop, post)
    assert [(one.shopper, one.result) for one in answer.letters] == [("ana", "sent")] and answer.shoppers == 1
    (mail,) = post.letters
    assert (mail["To"], mail["From"]) == ("ana@x.example", "Nord <shop@nord.example>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = re.fullmatch(r"<https://nord\.example/b/letters/unsubscribe\?token=(.+)>", mail["List-Unsubscribe"])
    assert token and shopper_of(shop.secrets, token[1]) == "ana"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert send_all(shop, post).held_back == {"enough_written": 1} and len(post.letters) == 1
    assert send_all(shop, post, letters_per_day=5).held_back == {"no_cause": 1} and len(post.letters) == 1
    (row,) = shop.store.letters.of_shopper("ana")
    assert (row.state, row.kind, row.products) == ("sent", "cart", ["lamp", "mug"])
    assert shop.store.letters.claim(row) is False


def test_what_was_not_taken_is_tried_again_and_what_may_have_been_is_not(shop: OpenShop) -> None:
    answer = send_all(shop, Post(refuse_with="450 try later"))
    assert answer.letters[0].result == "failed" and "try later" in answer.letters[0].error
    assert shop.store.letters.of_shopper("ana") == []
    post = Post(hang_up=True)
    assert send_all(shop, post).letters[0].result == "failed" and len(post.letters) == 1
    assert [one.state for one in shop.store.letters.of_shopper("ana")] == ["sending"]
    assert send_all(shop, post).letters == [] and len(post.letters) == 1


def test_an_address_that_is_refused_for_good_is_not_asked_again(shop: OpenShop) -> None:
    assert send_all(shop, Post(refuse_with="550 no such person")).letters[0].result == "failed"
    assert send_all(shop, Post()).letters == []


def test_mail_goes_over_tls_or_not_at_all(tmp_path: Path, shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    mail = message_of(letter_to(shop), "shop@nord.example")
    with mail_stand_in(tls=context) as post:
        stranger = MailServer(f"smtp://127.0.0.1:{post.port}", reach=HERE)
        with stranger, pytest.raises(LetterNotTaken, match=r"(?i)certificate"):
            stranger.hand_over(mail)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
        with MailServer(f"smtp://127.0.0.1:{post.port}", reach=HERE) as server:
            server.hand_over(mail)
            server.hand_over(mail)
        assert post.secured == [True, True]
    monkeypatch.setattr("bottega.connectors.mail.LOOPBACK", frozenset())
    with mail_stand_in() as post, MailServer(f"smtp://127.0.0.1:{post.port}", reach=HERE) as server:
        with pytest.raises(LetterNotTaken, match="offers no STARTTLS"):
            server.hand_over(mail)
        assert post.letters == []


def certificate(folder: Path) -> Path:
    """Key and certificate of 127.0.0.1, signed by itself."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = folder / "both.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(serialization.Encoding.PEM, *plain)
    )
    return path


def test_a_webhook_gets_the_letter_signed_and_named(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(503 if len(heard) == 1 else 202)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        update = {"letters_webhook": f"http://127.0.0.1:{server.server_port}/in"}
        object.__setattr__(shop, "settings", shop.settings.model_copy(update=update))
        with pytest.raises(SettingsInvalid, match="no secret letters-webhook"):
            send_messages(shop, SendRequest())
        shop.secrets.keep("letters-webhook", "a-secret")
        assert send_messages(shop, SendRequest()).letters[0].result == "failed"
        assert send_messages(shop, SendRequest()).letters[0].result == "sent"
        server.shutdown()
    headers, body = heard[1]
    letter = Letter.model_validate_json(body)
    assert letter.to == "ana@x.example"
    assert headers["Idempotency-Key"] == letter.letter_id == json.loads(heard[0][1])["letter_id"]
    stamp, _, signature = headers["X-Bottega-Signature"].partition(",v1=")
    signed = hmac.new(b"a-secret", stamp.removeprefix("t=").encode() + b"." + body, hashlib.sha256).hexdigest()
    assert signature == signed


@pytest.mark.parametrize(
    ("more", "match"),
    [
        ("", "neither is set"),
        ('letters_smtp = "smtp://x.example"\nletters_webhook = "https://x.example"\n', "both are set"),
        ('letters_smtp = "smtp://x.example"\n', "letters_from is empty"),
        ('letters_webhook = "http://x.example/in"\n', "https, or on this machine|no secret"),
    ],
)
def test_without_a_way_out_nothing_is_sent(tmp_path: Path, more: str, match: str) -> None:
    with opened(tmp_path, more) as shop, pytest.raises(SettingsInvalid, match=match):
        send_messages(shop, SendRequest())


def test_links_are_signed_for_one_shopper_of_one_shop(shop: OpenShop, tmp_path_factory: pytest.TempPathFactory) -> None:
    token = token_of(shop.secrets, "ana/é")
    assert shopper_of(shop.secrets, token) == "ana/é"
    name, _, signature = token.partition(".")
    for wrong in ("", ".", name, f"{name}.", f"{name}.x{signature[1:]}x", f"Ym9i.{signature}", "é.é", f"{name}.\u00e9"):
        assert shopper_of(shop.secrets, wrong) is None
    with OpenShop.open(tmp_path_factory.mktemp("other")) as other:
        assert shopper_of(other.secrets, token) is None
        assert letter_id_of(other.secrets, "ana", "c") != letter_id_of(shop.secrets, "ana", "c")
    assert with_letter("https://x.example/a?b=1#c", "l-1") == "https://x.example/a?b=1&bottega_letter=l-1#c"


def test_looking_at_the_page_changes_nothing_and_one_click_ends_it(shop: OpenShop) -> None:
    token = token_of(shop.secrets, "ana")
    page = unsubscribe(shop, UnsubscribeRequest(token=token))
    assert (page.known, page.done, page.language, page.words) == (True, False, "de", "Keine Briefe mehr von Nord?")
    assert page.button and preview_message(shop, PreviewRequest(shopper="ana")).due
    for _ in range(2):
        done = unsubscribe(shop, UnsubscribeRequest(token=token, confirm=True))
        assert (done.done, done.button) == (True, "")
    assert preview_message(shop, PreviewRequest(shopper="ana")).why_not == "no_consent"
    assert not unsubscribe(shop, UnsubscribeRequest(token="x.y", confirm=True)).known
    assert send_all(shop, Post()).shoppers == 0
    forget(shop, ShopperRequest(shopper="ana"))
    assert unsubscribe(shop, UnsubscribeRequest(token=token, confirm=True)).done
    assert shop.store.traits.of("ana") is None, "who was forgotten does not come back by a link"


def test_export_and_forget_reach_letters(shop: OpenShop) -> None:
    send_all(shop, Post())
    (row,) = export_shopper(shop, ShopperRequest(shopper="ana")).model_dump()["letters"]
    assert row["kind"] == "cart"
    assert forget(shop, ShopperRequest(shopper="ana")).rows["letters"] == 1
    assert shop.store.letters.of_shopper("ana") == []


def test_what_letters_bring_in_is_counted(shop: OpenShop) -> None:
    send_all(shop, Post())
    (row,) = shop.store.letters.of_shopper("ana")

    def names(kind: str, of: str, **more: Any) -> Event:
        given = {"anonymous_id": "v-0123456789abcdef01", "kind": kind, "product_id": "lamp", "recommendation_id": of}
        return Event.model_validate({**given, "time_ms": time.time_ns() // 1_000_000 + 1, **more})

    def counted() -> tuple[int, int, int, int]:
        (one,) = letters_sent(shop, LettersRequest()).kinds
        return one.sent, one.clicked, one.purchased, one.purchases

    assert counted() == (1, 0, 0, 0)
    before = names("view", row.letter_id, time_ms=row.time_ms - 9)
    shop.record([names("view", "r-0123"), names("view", "l-unknown"), before])
    assert counted() == (1, 0, 0, 0)
    shop.record([names("view", row.letter_id), names("purchase", row.letter_id)])
    assert counted() == (1, 1, 1, 1)


def test_the_commands(tmp_path: Path) -> None:
    opened(tmp_path).close()
    runner = CliRunner()
    shown = runner.invoke(app, ["messages", "preview", "ana", "--shop", str(tmp_path)])
    assert shown.exit_code == 0 and "Subject: Noch im Warenkorb" in shown.output
    as_json = runner.invoke(app, ["messages", "preview", "ana", "--json", "--shop", str(tmp_path)])
    assert json.loads(as_json.stdout)["due"] is True
    assert runner.invoke(app, ["messages", "preview", "ana", "--kind", "back", "--shop", str(tmp_path)]).exit_code == 1
    dry = runner.invoke(app, ["messages", "send", "--dry-run", "--shop", str(tmp_path)])
    assert dry.exit_code == 0 and "1 letters would be sent" in dry.output
    assert runner.invoke(app, ["messages", "send", "--shop", str(tmp_path)]).exit_code == 2
    assert "No letter was sent" in runner.invoke(app, ["messages", "report", "--shop", str(tmp_path)]).output


def test_a_line_says_first_what_the_shopper_leans_to_and_why(shop: OpenShop) -> None:
    tell(shop, "cleo", name="Cleo", email="cleo@x.example", language="de")
    with_shirts(shop, "cleo")
    (own,) = [one for one in letter_to(shop, "cleo").products if one.product_id == "shirt-0"]
    (choice,) = [one for one in own.choices if one.fact == "material=Cotton"]
    assert choice.first and choice.products == 5 and "denn Sie haben" in choice.why and "5 gekauft" in choice.why
    before, material, _ = own.about.partition("Baumwolle")
    assert material and "rot" not in before.casefold()
    sheets = facts_of(shop.store, list(shop.store.products.get(["shirt-0"]).values()), title_words(shop.folder))
    assert verify(own.about, sheets["shirt-0"], "de").proved


def test_who_said_no_to_personal_answers_reads_what_everybody_reads(shop: OpenShop) -> None:
    with_shirts(shop, "dan")
    asks = {"messages": "yes", "personalisation": "no"}
    said = {"shopper": "dan", "email": "dan@x.example", "consent": asks, "consent_time": ago(1)}
    tell_shopper(shop, TellShopperRequest.model_validate(said))
    letter = letter_to(shop, "dan", "welcome")
    assert letter.products and not any(one.choices for one in letter.products)
