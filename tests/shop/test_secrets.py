"""Secrets are kept sealed: the database alone opens none of them, and two of a purpose count while one is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bottega.errors import RequestInvalid, SecretUnreadable
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.secrets import KEY_FILE, MASTER_KEY, Secrets


def secrets_of(shop: ShopFolder) -> Secrets:
    return Secrets(shop.root, shop.store.secrets)


def test_a_secret_is_read_again_and_stands_nowhere_in_plain_text(tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path) as shop:
        secrets_of(shop).keep("shopify-webhook", "shpss_0123456789")
        assert secrets_of(shop).of("shopify-webhook") == ("shpss_0123456789",)
        assert secrets_of(shop).of("woocommerce-webhook") == ()
        held = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"shopify-webhook" in held and b"shpss_0123456789" not in held
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_two_count_at_once_the_newest_first_and_a_third_is_refused(tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path) as shop:
        secrets = secrets_of(shop)
        old = secrets.keep("shopper-signature", "old")
        secrets.keep("shopper-signature", "new")
        assert secrets.of("shopper-signature") == ("new", "old")
        with pytest.raises(
            RequestInvalid, match=f"count already: {old.number}, .*`bottega secrets revoke {old.number}`"
        ):
            secrets.keep("shopper-signature", "newest")
        assert secrets.drop(old.number) and not secrets.drop(old.number)
        assert secrets.of("shopper-signature") == ("new",)


def test_the_environment_comes_first_and_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOTTEGA_SECRET_SHOPIFY_WEBHOOK", "one two")
    with ShopFolder.open(tmp_path) as shop:
        assert secrets_of(shop).of("shopify-webhook") == ("one", "two")
        assert secrets_of(shop).kept() == [] and not (tmp_path / KEY_FILE).exists()


def test_another_key_opens_nothing_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ShopFolder.open(tmp_path) as shop:
        secrets_of(shop).keep("shopper-signature", "mine")
        (tmp_path / KEY_FILE).write_text("A" * 43 + "=")
        with pytest.raises(SecretUnreadable, match=r"sealed with another key .*secret.key"):
            secrets_of(shop).of("shopper-signature")
        (tmp_path / KEY_FILE).write_text("nonsense")
        with pytest.raises(SecretUnreadable, match="holds no key"):
            secrets_of(shop).of("shopper-signature")
        monkeypatch.setenv(MASTER_KEY, "B" * 43 + "=")
        with pytest.raises(SecretUnreadable, match=f"The key is the variable {MASTER_KEY}"):
            secrets_of(shop).of("shopper-signature")


@pytest.mark.parametrize("text", ["", " blank ", "two\nlines"])
def test_what_is_no_secret_is_refused(tmp_path: Path, text: str) -> None:
    with ShopFolder.open(tmp_path) as shop, pytest.raises(RequestInvalid, match="The secret is empty, or holds"):
        secrets_of(shop).keep("shopper-signature", text)


def test_of_one_master_key_each_of_several_shops_draws_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shops.toml").touch()
    monkeypatch.setenv(MASTER_KEY, "A" * 43 + "=")
    with OpenShop.open(tmp_path / "nord") as nord, OpenShop.open(tmp_path / "sud") as sud:
        assert nord.secrets.drawn("letters") != sud.secrets.drawn("letters")
        nord.secrets.keep("shopify-webhook", "shpss_0123456789")
        (sealed,) = nord.store.secrets.all("shopify-webhook")
        sud.store.secrets.add("shopify-webhook", sealed.sealed)
        with pytest.raises(SecretUnreadable, match="was sealed with another key"):
            sud.secrets.of("shopify-webhook")
    with OpenShop.open(tmp_path / "nord") as nord:
        assert nord.secrets.of("shopify-webhook") == ("shpss_0123456789",)
