"""Files of a shop in its folder and in buckets keep the same promises; shops on two machines see each other's."""

from __future__ import annotations

import io
import math
import shutil
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image

from bottega.actions.assistant.policy_answers import rules_of
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportEventsRequest
from bottega.actions.jobs.ask import placed, start_job
from bottega.actions.jobs.import_sent import import_sent
from bottega.actions.jobs.perform import perform
from bottega.actions.jobs.shapes import StartJobRequest
from bottega.actions.jobs.uploads import discard_upload, has_upload, keep_upload, sweep_uploads
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest, TrainRequest
from bottega.actions.recommend.train import train
from bottega.actions.shoppers.forget import forget
from bottega.actions.shoppers.shapes import ShopperRequest
from bottega.actions.verbs import verb
from bottega.catalogue.product import Product
from bottega.datasets.photos.inside import path_inside, read_inside
from bottega.errors import FilesUnavailable, LookbookUnknown, PhotoRefused, RequestInvalid, SettingsInvalid
from bottega.events.event import Event
from bottega.models.studio.bodies.fashion_models import on_call
from bottega.names import EventKind
from bottega.shop.backup import back_up
from bottega.shop.files import BucketFiles, Files, files_at
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures import closet_photos, lookbook_files
from bottega.shop.pictures.fashion_model_file import keep_models, own_models
from bottega.shop.pictures.pictures import put_picture
from bottega.shop.pictures.shopper_files import CLOSET_PICTURES
from bottega.shop.pictures.video_files import put_video, video_path
from bottega.shop.restore import restore
from bottega.shop.strays import share_strays


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Address of a stand-in for S3 on this machine; skips where moto and s3fs are not installed."""
    pytest.importorskip("s3fs")
    server_of = pytest.importorskip("moto.server").ThreadedMotoServer
    server = server_of(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "memory", "s3"])
def files_url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A setting `files_url` of a store that is empty."""
    name = f"shop-{uuid4().hex}"
    if request.param == "s3":
        import boto3

        server: str = request.getfixturevalue("s3_server")
        for variable, value in (
            ("AWS_ENDPOINT_URL_S3", server),
            ("AWS_ACCESS_KEY_ID", "key"),
            ("AWS_SECRET_ACCESS_KEY", "hush"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
        ):
            monkeypatch.setenv(variable, value)
        boto3.client("s3", endpoint_url=server).create_bucket(Bucket=name)
        return f"s3://{name}/nord"
    return f"memory://{name}" if request.param == "memory" else ""


@pytest.fixture
def files(files_url: str, tmp_path: Path) -> Files:
    return files_at(files_url, tmp_path / "one")


def test_written_read_listed_and_removed(files: Files, tmp_path: Path) -> None:
    assert files.read("closet/ab/c.jpg") is None and files.names("closet") == []
    files.write("closet/ab/c.jpg", b"one")
    files.write("closet/ab/d.jpg", b"")
    files.write("closet/ab/c.jpg", b"another")
    assert files.read("closet/ab/c.jpg") == b"another" and files.read("closet/ab/d.jpg") == b""
    assert files.changed_s("closet/ab/c.jpg") <= time.time() + 60 and files.changed_s("closet/none") == math.inf
    assert files.names("closet") == ["closet/ab/c.jpg", "closet/ab/d.jpg"] and files.names("designs") == []
    assert files.remove("closet/ab/c.jpg") and not files.remove("closet/ab/c.jpg")
    assert files.read("closet/ab/c.jpg") is None and files.names("closet") == ["closet/ab/d.jpg"]
    assert not list(tmp_path.rglob("*.part"))


def test_what_never_changes_is_taken_once(files: Files, files_url: str, tmp_path: Path) -> None:
    (tmp_path / "one" / "images" / "ab").mkdir(parents=True)
    (tmp_path / "one" / "images" / "ab" / "c.jpg").write_bytes(b"photo")
    files.share("images/ab/c.jpg")
    other = files_at(files_url, tmp_path / "two") if files_url else files
    assert other.local("images/ab/c.jpg").read_bytes() == b"photo"
    assert not other.local("images/ab/none.jpg").exists()
    if files_url:
        files.remove("images/ab/c.jpg")
        assert other.local("images/ab/c.jpg").read_bytes() == b"photo", "the copy stays, since it never changes"


def test_a_folder_is_there_when_it_is_whole(files: Files, files_url: str, tmp_path: Path) -> None:
    run = tmp_path / "one" / "models" / "recommend" / "blend" / "1"
    (run / "model").mkdir(parents=True)
    (run / "model" / "a.npy").write_bytes(b"a")
    (run / "card.json").write_text("{}")
    files.share_folder("models/recommend/blend/1")
    other = files_at(files_url, tmp_path / "two") if files_url else files
    found = other.local_folder("models/recommend/blend/1")
    assert (found / "model" / "a.npy").read_bytes() == b"a" and (found / "card.json").read_text() == "{}"
    assert not other.local_folder("models/recommend/blend/2").exists()
    assert [path.name for path in found.parent.iterdir()] == ["1"]


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "images/../../x", "a\\b", "", "a\0b"])
def test_no_name_leads_out(tmp_path: Path, name: str) -> None:
    files = BucketFiles(f"memory://{uuid4().hex}", tmp_path / "shop")
    with pytest.raises(FilesUnavailable, match="no name of a file of the shop"):
        files.write(name, b"x")
    with pytest.raises(FilesUnavailable):
        files.read(name)
    assert not (tmp_path / "shop").exists()


def test_a_store_that_does_not_answer_says_so(s3_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{probe.getsockname()[1]}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(FilesUnavailable, match="did not read closet/x") as refused:
        BucketFiles("s3://nowhere/nord", tmp_path).read("closet/x")
    assert refused.value.again and "hush" not in str(refused.value)


def test_a_bucket_that_is_not_there_says_so(files_url: str, tmp_path: Path) -> None:
    if not files_url.startswith("s3"):
        pytest.skip("of buckets alone")
    with pytest.raises(FilesUnavailable, match="did not write closet/x"):
        BucketFiles(f"s3://none-{uuid4().hex}/nord", tmp_path).write("closet/x", b"x")


def test_an_address_of_no_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="files_url is 'ftps4://x'"):
        files_at("ftps4://x", tmp_path)


@pytest.fixture
def machines(files_url: str, tmp_path: Path) -> Iterator[tuple[OpenShop, OpenShop]]:
    """One shop, on two machines: two folders, one database, one bucket."""
    if not files_url:
        pytest.skip("two machines need a bucket")
    opened = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bottega.toml").write_text(
            f'database_url = "sqlite:///{tmp_path}/shop.db"\nfiles_url = "{files_url}"\n'
        )
        opened.append(OpenShop.open(tmp_path / name))
    yield opened[0], opened[1]
    for shop in opened:
        shop.close()


def jpeg(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (32, 24), colour).save(out, "JPEG")
    return out.getvalue()


def test_models_and_pictures_of_one_machine_serve_another(machines: tuple[OpenShop, OpenShop]) -> None:
    one, two = machines
    name = put_picture(one.folder.images, jpeg("red"), ".jpg")
    one.upsert([Product(id=f"p{i}", title=f"Mug {i}", images=(name,)) for i in range(8)])
    one.record(
        [
            Event(event_id=f"e{i}", shopper_id=f"s{i % 5}", kind=EventKind.VIEW, product_id=f"p{i * i % 8}", time_ms=i)
            for i in range(1, 130)
        ]
    )
    run = train(one, TrainRequest(model="transitions"))
    ask = RecommendationRequest(shopper="s1", n=5)
    lists = [[item.product_id for item in recommend(shop, ask).items] for shop in (one, two)]
    assert lists[0] == lists[1] and recommend(two, ask).model.version == run.version
    assert (two.folder.root / run.folder / "card.json").is_file()
    assert read_inside(two.folder.images, name).shape == (24, 32, 3)
    with pytest.raises(PhotoRefused):
        path_inside(two.folder.images, "../bottega.toml")
    with pytest.raises(PhotoRefused):
        path_inside(two.folder.images, "ab/nothing.jpg")


def test_an_import_that_one_machine_took_is_done_by_another(machines: tuple[OpenShop, OpenShop]) -> None:
    one, two = machines
    content = b"event_id,shopper_id,product_id,kind,time\ne1,s1,p1,view,1700000000\n"
    number = import_sent(one, verb("import_events"), "events.csv", io.BytesIO(content), {}).number
    assert not list(one.folder.root.glob("uploads/*")) and len(one.folder.files.names("uploads")) == 1
    sweep_uploads(one.folder, before_s=time.time() + 100)
    assert len(one.folder.files.names("uploads")) == 1, "a job needs it"
    job = two.store.jobs.claim("two", now_ms=1, lease_ms=1)
    assert job is not None and job.number == number and has_upload(two.folder, job)
    assert perform(two, job)["added"] == 1
    discard_upload(two.folder, job)
    assert not two.folder.files.names("uploads") and not list(two.folder.root.glob("uploads/*"))
    keep_upload(one.folder, "lost.csv", io.BytesIO(b"x"))
    shutil.rmtree(one.folder.root / "uploads")  # that machine is gone
    sweep_uploads(two.folder, before_s=time.time() - 1000)
    assert len(two.folder.files.names("uploads")) == 1
    two.store.jobs.finish(job, {}, now_ms=2)
    sweep_uploads(two.folder, before_s=time.time() + 1000)
    assert not two.folder.files.names("uploads")


def test_photos_of_shoppers_leave_no_copy_and_go_for_everybody(machines: tuple[OpenShop, OpenShop]) -> None:
    one, two = machines
    photo = closet_photos.keep(one.folder, "ann", jpeg("blue"), "me.jpg")
    kept = CLOSET_PICTURES.keep(one.folder, "c-1", jpeg("green"), "me.jpg")
    assert set(closet_photos.exported(two.folder, [photo])) == {photo}
    assert CLOSET_PICTURES.read(two.folder, kept) is not None
    assert not [path for shop in machines for path in shop.folder.root.rglob("*.jpg")], "no machine has a copy"
    assert CLOSET_PICTURES.discard(two.folder, [kept]) == 1 and CLOSET_PICTURES.read(one.folder, kept) is None
    assert closet_photos.discard(two.folder, [photo]) == 1 and not closet_photos.exported(one.folder, [photo])


def test_a_training_that_cannot_be_shared_is_not_recorded(
    machines: tuple[OpenShop, OpenShop], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = machines
    one.upsert([Product(id=f"p{i}", title=f"Mug {i}") for i in range(8)])
    one.record(
        [
            Event(event_id=f"e{i}", shopper_id=f"s{i % 5}", kind=EventKind.VIEW, product_id=f"p{i % 8}", time_ms=i)
            for i in range(1, 130)
        ]
    )

    def refuse(self: BucketFiles, name: str) -> None:
        raise FilesUnavailable("The file store refuses.")

    with monkeypatch.context() as patched:
        patched.setattr(BucketFiles, "share", refuse)
        with pytest.raises(FilesUnavailable):
            train(one, TrainRequest(model="popular"))
    assert one.store.runs.all() == []
    train(one, TrainRequest(model="popular"))
    assert len(one.store.runs.all()) == 1


def test_a_backup_holds_what_lies_elsewhere_and_puts_it_elsewhere(
    machines: tuple[OpenShop, OpenShop], files_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = machines
    name = put_picture(one.folder.images, jpeg("red"), ".jpg")
    kept = CLOSET_PICTURES.keep(one.folder, "c-1", jpeg("green"), "me.jpg")
    path, info = back_up(two.folder, tmp_path / "backup.zip")
    assert info.files == 3, "settings, picture and photo, though this machine had neither"
    monkeypatch.setenv("BOTTEGA_DATABASE_URL", "")
    with pytest.raises(RequestInvalid, match="holds files of a shop already"):
        restore(path, tmp_path / "three")
    assert not (tmp_path / "three").exists()
    monkeypatch.setenv("BOTTEGA_FILES_URL", f"{files_url}-2")
    restore(path, tmp_path / "three")
    assert (tmp_path / "three" / "images" / name).exists() and not (tmp_path / "three" / "closet_pictures").exists()
    with ShopFolder.open(tmp_path / "three") as again:
        assert again.files.names("images") == [f"images/{name}"] and CLOSET_PICTURES.read(again, kept) is not None
    monkeypatch.setenv("BOTTEGA_FILES_URL", "")
    restore(path, tmp_path / "four")
    with ShopFolder.open(tmp_path / "four") as again:
        assert CLOSET_PICTURES.read(again, kept) is not None, "a shop comes back into a folder, too"


def test_many_take_one_file_at_once(files: Files, files_url: str, tmp_path: Path) -> None:
    if not files_url:
        pytest.skip("it is there already")
    run = tmp_path / "one" / "models" / "m" / "n" / "1"
    run.mkdir(parents=True)
    (run / "card.json").write_text("{}" * 5_000)
    files.share_folder("models/m/n/1")
    other = files_at(files_url, tmp_path / "two")
    seen: list[str] = []

    def take() -> None:
        seen.append((other.local_folder("models/m/n/1") / "card.json").read_text())

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["{}" * 5_000] * 4


def test_what_a_shop_makes_on_one_machine_another_has(machines: tuple[OpenShop, OpenShop], tmp_path: Path) -> None:
    one, two = machines
    name = lookbook_files.new_name(one.folder)
    lookbook_files.put_lookbook(one.folder, name, {"lookbook.json": b"{}", "01.jpg": b"a", "02.jpg": b"b"})
    lookbook_files.put_lookbook(one.folder, name, {"lookbook.json": b"{}", "01.jpg": b"again"})
    assert lookbook_files.lookbook_names(two.folder) == [name]
    assert lookbook_files.lookbook_file(two.folder, name, "01.jpg") == b"again"
    with pytest.raises(LookbookUnknown):
        lookbook_files.lookbook_file(two.folder, name, "02.jpg")
    video = put_video(one.folder, b"frames", "video/mp4")
    assert video_path(two.folder, video).read_bytes() == b"frames"
    keep_models(one.folder, {"mia": replace(on_call()["ada"], name="mia")})
    assert list(own_models(two.folder)) == ["mia"]
    (one.folder.root / "reports").mkdir()
    page = one.folder.root / "reports" / "week.html"
    page.write_text("figures")
    one.folder.share_report(page)
    asked = start_job(one, StartJobRequest(verb="evaluate", request={"html": str(page)}), here=True).request
    assert placed(two.folder, asked["html"]).read_text() == "figures"  # type: ignore[union-attr]
    one.folder.files.write("policies.md", b"# Returns\n\nWithin 30 days.\n")
    (two.folder.root / "policies.md").write_text("# Returns\n\nNever.\n")
    assert [section.passages for section in rules_of(two)] == [("Within 30 days.",)]
    assert sorted(path.name for path in one.folder.root.iterdir() if path.name not in ("run", "pack")) == [
        "bottega.toml",
        "reports",
    ]
    lookbook_files.remove_lookbook(two.folder, name)
    assert lookbook_files.lookbook_names(one.folder) == [] and one.folder.files.names("lookbooks") == []
    path, _ = back_up(one.folder, tmp_path / "made.zip")
    with zipfile.ZipFile(path) as archive:
        packed = set(archive.namelist())
    assert packed >= {f"videos/{video}", "fashion_models.json", "reports/week.html", "policies.md"}


def test_who_is_forgotten_is_in_no_list_of_any_machine(machines: tuple[OpenShop, OpenShop], tmp_path: Path) -> None:
    one, two = machines
    (tmp_path / "events.csv").write_text("event_id,shopper_id,product_id,kind,time\ne1,ann,p1,dances,1700000000\n")
    report = import_events(one, ImportEventsRequest(source=tmp_path / "events.csv"))
    assert report.rejects_file is not None and not report.rejects_file.is_absolute()
    assert not list(one.folder.root.rglob("*.csv")), "no machine keeps a copy"
    assert b"ann" in (two.folder.files.read(str(report.rejects_file)) or b"")
    two.folder.rejects.mkdir()
    (two.folder.rejects / "killed.csv").write_text("row,field,rule,seen,fix,who\n1,kind,x,ann,y,ann\n")
    assert forget(two, ShopperRequest(shopper="ann")).rejected_rows == 2
    assert b"ann" not in (one.folder.files.read(str(report.rejects_file)) or b"ann")
    assert share_strays(two.folder, before_s=time.time() - 100) == 0, "an import may be under way"
    assert share_strays(two.folder, before_s=time.time() + 100) == 1
    assert one.folder.files.names("rejects") == [str(report.rejects_file), "rejects/killed.csv"]
    assert not list(two.folder.rejects.iterdir())
