"""Shops of a shops folder: made, listed, moved, removed; their jobs done in turn; which key opens which."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bottega.actions.shops.moves import export_shop, restore_shop
from bottega.actions.shops.shops import list_shops, new_shop, remove_shop
from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid, SettingsInvalid, ShopUnknown
from bottega.serving.cli.main import app
from bottega.serving.rounds import work_round
from bottega.shop import restore as restoring
from bottega.shop.doors.key_directory import KeyDirectory
from bottega.shop.files import BucketFiles, shared_of
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.shops_folder import ShopsFolder


@pytest.fixture
def shops(tmp_path: Path) -> ShopsFolder:
    return ShopsFolder.open(tmp_path / "shops", make=True)


def fill(shops: ShopsFolder, name: str) -> None:
    with ShopFolder.open(shops.folder(name)) as folder:
        folder.store.products.upsert([Product(id="same", title=f"of {name}")])


def titles(shops: ShopsFolder, name: str) -> list[str]:
    with ShopFolder.open(shops.folder(name)) as folder:
        return [product.title for product in folder.store.products.all()]


def test_a_shop_is_made_with_a_key_and_its_name_is_its_own(shops: ShopsFolder) -> None:
    made = new_shop(shops, "Nord-2", currency="EUR")
    assert shops.settings("Nord-2").currency == "EUR" and made.address.endswith("/s/Nord-2")
    for name, why in (("nord_2", "already"), ("run", "cannot be named"), ("a/b", "cannot be named"), ("", "named")):
        with pytest.raises(RequestInvalid, match=why):
            new_shop(shops, name)
    (line,) = list_shops(shops).shops
    assert (line.name, line.database, line.products, line.keys, line.fault) == ("Nord-2", "sqlite", 0, 1, "")


def test_a_shop_that_cannot_be_opened_is_listed_with_why(shops: ShopsFolder) -> None:
    new_shop(shops, "nord")
    new_shop(shops, "sud")
    (shops.root / "sud" / "bottega.toml").write_text("port = 9000\n")
    nord, sud = list_shops(shops).shops
    assert nord.fault == "" and "'port', which is a setting of the server" in sud.fault


def test_a_shop_moves_by_a_file_and_no_key_opens_two(shops: ShopsFolder, tmp_path: Path) -> None:
    key = new_shop(shops, "nord").key
    fill(shops, "nord")
    with OpenShop.open(shops.folder("nord")) as shop:
        pair = shop.signing_keys.create("aws")
    file = export_shop(shops, "nord", tmp_path / "nord.zip")
    copy = restore_shop(shops, file, "copy")
    assert (copy.was, copy.keys_left_out, titles(shops, "copy")) == ("nord", 2, ["of nord"])
    directory = KeyDirectory(shops).read_now()
    assert directory.shop_of_key(key) == directory.shop_of_key(pair.key_id) == "nord"
    assert remove_shop(shops, "nord").products == 1
    assert restore_shop(shops, file, "nord").keys_left_out == 0
    assert KeyDirectory(shops).read_now().shop_of_key(key) == "nord"
    with pytest.raises(RequestInvalid, match="already"):
        restore_shop(shops, file, "copy")
    assert sorted(path.name for path in shops.root.iterdir()) == ["copy", "nord", "shops.toml"]


def test_a_shop_that_was_alone_comes_in_without_the_servers_settings(shops: ShopsFolder, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "bottega.toml").write_text('port = 9000\ncurrency = "SEK"\nworker = false\n')
    with ShopFolder.open(alone) as folder:
        from bottega.shop.backup import back_up

        file, _ = back_up(folder, tmp_path / "alone.zip")
    answer = restore_shop(shops, file, "moved")
    assert answer.settings_left_out == ["port", "worker"]
    assert shops.settings("moved").currency == "SEK"


def test_a_key_that_two_shops_know_opens_neither(shops: ShopsFolder) -> None:
    key = new_shop(shops, "nord").key
    directory = KeyDirectory(shops).read_now()
    assert directory.shop_of_key(key) == "nord" and not directory.is_shared(key)
    shutil.copytree(shops.root / "nord", shops.root / "sud")
    directory.read_now()
    assert directory.shop_of_key(key) is None and directory.is_shared(key)
    own = new_shop(shops, "west").key
    assert directory.read_now().shop_of_key(own) == "west"
    remove_shop(shops, "sud")
    assert directory.read_now().shop_of_key(key) == "nord"


def test_a_shop_with_the_rows_or_files_of_another_is_not_served(shops: ShopsFolder) -> None:
    for name in ("a", "b", "c"):
        new_shop(shops, name)
    (shops.root / "b" / "bottega.toml").write_text(f'database_url = "sqlite:///{shops.root / "a" / "shop.db"}"\n')
    for name in ("a", "c"):
        (shops.root / name / "bottega.toml").write_text('files_url = "memory://one"\n')
    directory = KeyDirectory(shops).read_now()
    directory.check("a")
    for name in ("b", "c"):
        with pytest.raises(SettingsInvalid, match=f"The shop {name} has the database or the file store of the shop a"):
            directory.check(name)


def test_a_shop_whose_files_would_lie_among_anothers_is_not_served(shops: ShopsFolder) -> None:
    for name, url in (("a", "s3://one"), ("b", "s3a://one/nord/"), ("c", "s3://one/images/x"), ("d", "s3://one/nord")):
        new_shop(shops, name)
        (shops.root / name / "bottega.toml").write_text(f'files_url = "{url}"\n')
    directory = KeyDirectory(shops).read_now()
    for name in ("a", "b"):
        directory.check(name)
    for name, owner in (("c", "a"), ("d", "b")):
        with pytest.raises(SettingsInvalid, match=f"the file store of the shop {owner}"):
            directory.check(name)


def test_one_bucket_has_a_prefix_for_each_shop(
    shops: ShopsFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = f"memory://{tmp_path.name}-{os.getpid()}"
    monkeypatch.setenv("BOTTEGA_SHOPS_FILES_URL", bucket)
    for name in ("nord", "sud"):
        new_shop(shops, name)
        with ShopFolder.open(shops.folder(name)) as folder:
            for one in ("lookbooks/l-1/01.jpg", "closet/ab/c.jpg", "fashion_models.json", "policies.md"):
                folder.files.write(one, f"{one} of {name}".encode())

    def kept(name: str) -> dict[str, str]:
        with ShopFolder.open(shops.folder(name)) as folder:
            found = [one for top in shared_of("policies.md") for one in folder.files.names(top)]
            return {one: (folder.files.read(one) or b"").decode() for one in found}

    assert len(kept("nord")) == 4 and all(text.endswith(" of nord") for text in kept("nord").values())
    everything = BucketFiles(bucket, tmp_path)
    assert len(everything.names("nord")) == len(everything.names("sud")) == 4
    file = export_shop(shops, "nord", tmp_path / "nord.zip")
    remove_shop(shops, "nord")
    assert everything.names("nord") == [] and len(kept("sud")) == 4
    restore_shop(shops, file, "copy")
    assert len(everything.names("copy")) == 4 and all(text.endswith(" of nord") for text in kept("copy").values())
    assert not (shops.root / "copy" / "closet").exists(), "no machine keeps a copy"
    everything.write("west/lookbooks/l-1/01.jpg", b"of somebody")
    with pytest.raises(RequestInvalid, match="There are files of a shop at"):
        new_shop(shops, "west")
    with pytest.raises(RequestInvalid, match="holds files of a shop already"):
        restore_shop(shops, file, "west")
    assert everything.names("west") == ["west/lookbooks/l-1/01.jpg"] and shops.names() == ["copy", "sud"]
    with monkeypatch.context() as patched:
        patched.setattr(restoring, "_put_rows", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            restore_shop(shops, file, "east")
    assert everything.names("east") == []
    monkeypatch.delenv("BOTTEGA_SHOPS_FILES_URL")
    with pytest.raises(SettingsInvalid, match=r"'sud' of a bucket that nothing names.*BOTTEGA_SHOPS_FILES_URL"):
        ShopFolder.open(shops.folder("sud"))
    restore_shop(shops, file, "home")
    assert len(kept("home")) == 4 and (shops.root / "home" / "closet").is_dir(), "into its folder, where no bucket is"


def test_a_host_is_one_shops(shops: ShopsFolder) -> None:
    for name, url in (("a", "http://one.example"), ("b", "https://two.example:8443"), ("c", "http://x.example/s/c")):
        new_shop(shops, name)
        (shops.root / name / "bottega.toml").write_text(f'public_url = "{url}"\n')
    directory = KeyDirectory(shops).read_now()
    assert directory.shop_of_host("ONE.example") == "a" and directory.shop_of_host("two.example:8443") == "b"
    assert directory.shop_of_host("x.example") is None  # told by its address
    (shops.root / "b" / "bottega.toml").write_text('public_url = "http://one.example/"\n')
    assert directory.read_now().shop_of_host("one.example") is None  # two say so: neither is


def test_jobs_of_all_shops_are_done_in_turn(shops: ShopsFolder) -> None:
    from bottega.actions.jobs.ask import LATER
    from bottega.store.jobs import JobState

    numbers = {}
    for name in ("nord", "sud"):
        new_shop(shops, name)
        fill(shops, name)
        with ShopFolder.open(shops.folder(name)) as folder:
            job = folder.store.jobs.add("write_texts", {"all": True}, now_ms=1)
            numbers[name] = job.number
    assert "write_texts" in LATER
    assert work_round(shops, threading.Event(), once=True) == 2
    for name, number in numbers.items():
        with ShopFolder.open(shops.folder(name)) as folder:
            done = folder.store.jobs.get(number)
            assert done is not None and done.state is JobState.DONE


def test_the_commands_say_what_they_do(tmp_path: Path) -> None:
    run, folder = CliRunner(), str(tmp_path / "shops")
    made = run.invoke(app, ["shops", "new", "nord", "--shops", folder])
    assert made.exit_code == 0 and "X-API-Key: btg_" in made.output and "/s/nord" in made.output
    assert "nord  0 products, 0 events, 1 keys, sqlite" in run.invoke(app, ["shops", "list", "--shops", folder]).output
    kept = run.invoke(app, ["shops", "remove", "nord", "--shops", folder], input="sud\n")
    assert kept.exit_code == 1 and "nothing is deleted" in kept.output
    assert run.invoke(app, ["shops", "remove", "nord", "--yes", "--shops", folder]).exit_code == 0
    assert "There is no shop here yet" in run.invoke(app, ["shops", "list", "--shops", folder]).output
    (tmp_path / "alone").mkdir()
    both = run.invoke(app, ["worker", "--once", "--shops", folder, "--shop", str(tmp_path / "alone")])
    assert both.exit_code == 2 and "Both --shop and --shops are given" in both.output


def test_a_shop_by_itself_is_no_shops_folder(tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path), pytest.raises(ShopUnknown, match="is a shop by itself"):
        ShopsFolder.open(tmp_path, make=True)
    with pytest.raises(ShopUnknown, match=r"has no shops.toml"):
        ShopsFolder.open(tmp_path / "nowhere")
