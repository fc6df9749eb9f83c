"""Where connections may lead, by each way that this server has of making one."""

from __future__ import annotations

import socket
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from bottega.actions.connect.connect import connect
from bottega.actions.connect.shapes import ConnectRequest
from bottega.actions.messages.ways import way_out
from bottega.actions.talks.desks import desks_of
from bottega.actions.wording.rephrase import language_model_at
from bottega.connectors.chatwoot import Chatwoot
from bottega.connectors.language_model import LanguageModel
from bottega.connectors.letter_webhook import SignedWebhook
from bottega.connectors.mail import MailServer
from bottega.connectors.registry import connector_of
from bottega.errors import AddressRefused, BottegaError, EncoderUnavailable, LetterNotTaken, SettingsInvalid
from bottega.models.blocks.other_encoders import encoder_called
from bottega.reach import PUBLIC, Reach, checked_host, is_public
from bottega.shop.open_shop import OpenShop
from bottega.sources.calls import opener_to
from bottega.sources.remote import FetchLimits, fetch

PUBLIC_NUMBER, INSIDE = "93.184.215.14", "10.1.2.3"


class Names:
    """Looks names up as this test says, one answer after another, and remembers where connections went."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers = [PUBLIC_NUMBER, "127.0.0.1"]
        self.asked: list[str] = []
        self.went: list[tuple[str, int]] = []
        monkeypatch.setattr(socket, "getaddrinfo", self._look_up)
        monkeypatch.setattr(socket, "create_connection", self._connect)

    def _look_up(self, host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        self.asked.append(host)
        number = self.answers[min(len(self.asked), len(self.answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    def _connect(self, address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        self.went.append(address)
        raise ConnectionRefusedError("not in a test")


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    for variable in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    return Names(monkeypatch)


def _fetch(folder: Path) -> None:
    with fetch("https://a.example/feed.csv", folder, FetchLimits()):
        pass


def _mail() -> None:
    with MailServer("smtps://a.example") as server:
        server.hand_over(EmailMessage())


WAYS: dict[str, Callable[[Path], Any]] = {
    "feed": _fetch,
    "platform": lambda _: _once(connector_of("shopify", "a.example", "t").web).get("/x"),
    "chatwoot": lambda _: Chatwoot("a.example", 1, 1, "t").begin("t-1", "Ana"),
    "mailer": lambda _: SignedWebhook("https://a.example/x", "s").hand_over(b"{}", "l-1"),
    "language model": lambda _: LanguageModel("https://a.example/v1", tries=1).rephrase("x"),
    "encoder": lambda _: encoder_called("https://a.example/v1 tiny"),
    "mail server": lambda _: _mail(),
}
"""Everything here that connects to an address that a shop, a feed or a setting names."""


def _once(web: Any) -> Any:
    web.tries = 1
    return web


@pytest.mark.parametrize("way", WAYS)
def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(names: Names, tmp_path: Path, way: str) -> None:
    import httpcore

    def connect(_: object, host: str, port: int, *__: object, **___: object) -> httpcore.NetworkStream:
        names.went.append((host, port))
        raise httpcore.ConnectError("not in a test")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
        with pytest.raises(BottegaError, match="not in a test"):
            WAYS[way](tmp_path)
        port = 465 if way == "mail server" else 443
        assert (names.asked, names.went) == (["a.example"], [(PUBLIC_NUMBER, port)])
        with pytest.raises(BottegaError, match=r"a\.example is 127\.0\.0\.1, which lies inside a private network"):
            WAYS[way](tmp_path)
        assert names.went == [(PUBLIC_NUMBER, port)]


def test_what_is_public() -> None:
    public = "8.8.8.8 2606:4700::1111 64:ff9b::808:808 ::ffff:8.8.8.8"
    private = (
        "0.0.0.0 127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 100.64.0.1 169.254.169.254 192.0.2.1 240.0.0.1 224.0.0.1 "
        "255.255.255.255 :: ::1 ::127.0.0.1 fe80::1 fe80::1%eth0 fec0::1 fc00::1 fd00:ec2::254 ff02::1 2002:a00:1:: "
        "2001:0:808:808::f5ff:fffe 64:ff9b::a00:1 64:ff9b:1::a00:1 ::ffff:10.0.0.1 2001:db8::1"
    )
    assert [one for one in private.split() if is_public(one)] == []
    assert [one for one in public.split() if not is_public(one)] == []


def test_hosts_that_the_server_names_are_reached(names: Names) -> None:
    names.answers = [INSIDE]
    assert Reach(("Models.Intern.",)).numbers("models.intern", 8080) == [INSIDE]
    assert Reach(("models.intern:8080",)).numbers("models.intern", 8080) == [INSIDE]
    assert Reach((INSIDE,)).numbers("models.intern", 8080) == [INSIDE]
    for hosts in (("models.intern:8081",), ("intern",), ("10.1.2.4",), ()):
        with pytest.raises(AddressRefused, match=r'name it in .* private_hosts = \["models.intern:8080"\]'):
            Reach(hosts).numbers("models.intern", 8080)


def test_link_local_addresses_are_refused_where_private_networks_are_not(names: Names) -> None:
    names.answers = [INSIDE, "169.254.169.254", "169.254.169.254", "fe80::1%eth0"]
    anywhere = Reach(private=True)
    assert anywhere.numbers("a.example", 80) == [INSIDE]
    with pytest.raises(AddressRefused, match=r"is 169\.254\.169\.254"):
        anywhere.numbers("a.example", 80)
    assert Reach(("169.254.169.254:80",)).numbers("a.example", 80) == ["169.254.169.254"]
    with pytest.raises(AddressRefused, match="is fe80::1%eth0"):
        anywhere.numbers("a.example", 80)


def test_ports_of_other_protocols_are_refused(names: Names) -> None:
    for port in (22, 25, 0):
        with pytest.raises(AddressRefused, match=rf"asked at port {port}\. Below 1024 that is 80, 443 alone"):
            PUBLIC.numbers("a.example", port)
    assert names.asked == []
    assert PUBLIC.numbers("a.example", 8443) == [PUBLIC_NUMBER]


@pytest.mark.parametrize("text", ["", "a b", "http://a", "a:0", "a:99999", "a:b", "[::1", "a/b", "me@a"])
def test_what_is_no_host_is_said(text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no host"):
        checked_host(text)
    (tmp_path / "bottega.toml").write_text(f'private_hosts = ["{text}"]\n')
    with pytest.raises(SettingsInvalid, match=r"private_hosts.*is no host"):
        OpenShop.open(tmp_path)


def test_a_proxy_of_the_environment_is_gone_through_after_the_check(
    names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.intern:3128")
    with pytest.raises(OSError, match="not in a test"):
        opener_to("https://a.example/x", PUBLIC).open("https://a.example/x", timeout=1)
    assert (names.asked, names.went) == (["a.example"], [("proxy.intern", 3128)])
    with pytest.raises(AddressRefused, match="private network"):
        opener_to("https://a.example/x", PUBLIC)
    with pytest.raises(AddressRefused, match="'file' begins no address that can be asked"):
        opener_to("file:///etc/passwd", PUBLIC)


SETTINGS = """
language_model_url = "http://localhost:11434/v1"
encoder = "http://localhost:8080/v1 tiny"
letters_webhook = "http://localhost:9000/letters"
talks_webhook = "http://localhost:9001/talks"
public_url = "https://shop.example"
"""


def _calls(shop: OpenShop) -> list[Callable[[], Any]]:
    """What each setting of a shop makes the server ask, ready to be asked."""
    model = language_model_at(shop)
    (desk,) = desks_of(shop)
    assert model is not None

    def letter() -> None:
        with way_out(shop, dry_run=False) as way:
            way._mailer.hand_over(b"{}", "l-1")  # type: ignore[union-attr]

    return [
        lambda: model.rephrase("x"),
        lambda: desk._webhook.hand_over(b"{}", "t-1"),  # type: ignore[attr-defined]
        letter,
        lambda: shop._open_reviews(),
        lambda: connect(shop, ConnectRequest(platform="shopify", address="http://localhost:9002")),
    ]


def test_a_shop_of_several_reaches_this_machine_only_where_the_server_says_so(tmp_path: Path) -> None:
    (tmp_path / "shops.toml").write_text('private_hosts = ["localhost:11434"]\n')
    with _shop_with_settings(tmp_path / "nord") as shop:
        refused = "localhost is (127.0.0.1|::1), which lies inside a private network"
        for call in _calls(shop)[1:]:
            with pytest.raises((AddressRefused, LetterNotTaken, EncoderUnavailable), match=refused):
                call()
        assert shop.folder.reach.numbers("localhost", 11434)


def test_a_shop_alone_has_its_machine_to_itself(tmp_path: Path, names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    names.answers = ["127.0.0.1"]
    monkeypatch.setattr("bottega.connectors.language_model.PAUSE_S", 0.0)
    with _shop_with_settings(tmp_path / "nord") as shop:
        for call in _calls(shop)[:3]:
            with pytest.raises(BottegaError, match="not in a test"):
                call()
    assert {port for _, port in names.went} == {11434, 9001, 9000}


def _shop_with_settings(folder: Path) -> OpenShop:
    folder.mkdir()
    (folder / "bottega.toml").write_text(SETTINGS)
    shop = OpenShop.open(folder)
    for purpose in ("letters-webhook", "talks-webhook", "shopify-token"):
        shop.secrets.keep(purpose, "s" * 32)
    return shop
