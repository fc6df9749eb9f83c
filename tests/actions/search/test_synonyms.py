"""A merchant says what words mean: the next search heeds it, in every process, in a shop of any words."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bottega.actions.intake.import_synonyms import ImportSynonymsRequest, import_synonyms
from bottega.actions.search.preview_synonym import preview_synonym
from bottega.actions.search.shapes import SearchAnswer, SearchRequest
from bottega.actions.search.synonym_history import synonym_history, undo_synonym
from bottega.actions.search.synonym_shapes import (
    DeleteSynonymsRequest,
    PutSynonymsRequest,
    SynonymHistoryRequest,
    SynonymPreviewRequest,
    SynonymsRequest,
    UndoSynonymRequest,
)
from bottega.actions.search.synonyms import (
    delete_synonyms,
    list_synonyms,
    put_synonyms,
)
from bottega.actions.search.words import search_text
from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid, SynonymUnknown
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.store.kept_versions import VERSIONS_KEPT

PRODUCTS = [
    Product(id="g1", title="Zorbo glimp", category=("Vrells", "Glimps"), attributes={"tarn": ("plov",)}),
    Product(id="g2", title="Zorbo glimp, mirt", category=("Vrells", "Glimps"), attributes={"tarn": ("quish",)}),
    Product(id="f1", title="Fnord dax", category=("Vrells", "Daxes"), attributes={"tarn": ("plov",)}),
    Product(id="w1", title="Dax wumpling", category=("Thrumps",), attributes={"tarn": ("plov",)}),
]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    folder = ShopFolder.open(tmp_path / "shop")
    folder.store.products.upsert(PRODUCTS)
    with OpenShop(folder) as opened:
        yield opened


def asked(shop: OpenShop, text: str) -> SearchAnswer:
    return search_text(shop, SearchRequest(text=text))


def found(shop: OpenShop, text: str) -> list[str]:
    answer = asked(shop, text)
    return sorted(hit.product_id for hit in answer.items[: answer.total])


def put(shop: OpenShop, *entries: dict[str, list[str]]) -> None:
    put_synonyms(shop, PutSynonymsRequest.model_validate({"synonyms": list(entries)}))


def test_a_nonsense_word_means_a_nonsense_kind_from_the_next_search_on(shop: OpenShop) -> None:
    assert asked(shop, "blarfo").unknown_words == ["blarfo"]
    put(shop, {"words": ["blarfo", "glimp"]})
    assert found(shop, "blarfo") == ["g1", "g2"] and asked(shop, "blarfo").unknown_words == []
    assert found(shop, "plov blarfo") == ["g1"]  # it is the thing asked for, and plov what it shall be like
    delete_synonyms(shop, DeleteSynonymsRequest(numbers=[list_synonyms(shop, SynonymsRequest()).synonyms[0].number]))
    assert found(shop, "blarfo") == []


def test_every_state_of_an_entry_can_be_put_back(shop: OpenShop) -> None:
    put(shop, {"words": ["blarfo"], "means": ["glimp"]}, {"words": ["other", "else"]})
    put(shop, {"words": ["blarfo"], "means": ["dax"]})
    (first, second) = (3, 1)
    assert [one.number for one in list_synonyms(shop, SynonymsRequest()).synonyms] == [2, first]
    delete_synonyms(shop, DeleteSynonymsRequest(numbers=[first]))
    of_it = synonym_history(shop, SynonymHistoryRequest(number=second)).versions
    assert [(one.number, one.means, one.removed) for one in of_it] == [
        (4, [], True),
        (3, ["dax"], False),
        (1, ["glimp"], False),
    ]
    assert not any(one.holds for one in of_it) and {one.about for one in of_it} == {"blarfo"}
    pages = synonym_history(shop, SynonymHistoryRequest(n=3))
    assert [one.number for one in pages.versions] == [4, 3, 2] and pages.next == 2 and pages.versions[2].holds
    assert [one.number for one in synonym_history(shop, SynonymHistoryRequest(n=3, before=2)).versions] == [1]
    undone = undo_synonym(shop, UndoSynonymRequest(number=4))
    assert (undone.means, undone.removed, undone.total) == (["dax"], False, 2) and found(shop, "blarfo") == ["f1"]
    assert undo_synonym(shop, UndoSynonymRequest(number=4)).removed and found(shop, "blarfo") == [], "an undo is undone"
    back = undo_synonym(shop, UndoSynonymRequest(number=4, version=second))
    assert back.means == ["glimp"] and found(shop, "blarfo") == ["g1", "g2"]
    assert undo_synonym(shop, UndoSynonymRequest(number=2)).removed, "before it was said there was none"
    with pytest.raises(SynonymUnknown, match="no change 99"):
        undo_synonym(shop, UndoSynonymRequest(number=99))
    with pytest.raises(SynonymUnknown, match="no version 1"):
        undo_synonym(shop, UndoSynonymRequest(number=2, version=1))


def test_the_last_hundred_states_are_kept(shop: OpenShop) -> None:
    for place in range(VERSIONS_KEPT + 3):
        put(shop, {"words": ["blarfo"], "means": [f"word{place}"]}, {"words": [f"lone{place}", "pair"]})
    kept = shop.store.synonyms.history.versions("> blarfo")
    assert len(kept) == VERSIONS_KEPT and kept[-1].state == {"words": ["blarfo"], "means": ["word3"]}


def test_one_way_does_not_lead_back(shop: OpenShop) -> None:
    put(shop, {"words": ["blarfo"], "means": ["glimp", "dax"]})
    assert found(shop, "blarfo") == ["f1", "g1", "g2"]
    assert found(shop, "glimp") == ["g1", "g2"]


def test_phrases_stand_on_both_sides(shop: OpenShop) -> None:
    put(shop, {"words": ["krem of sool"], "means": ["fnord dax"]}, {"words": ["plov"], "means": ["quish"]})
    assert found(shop, "krem of sool") == ["f1"]
    assert "g2" in found(shop, "plov glimp")  # and what it means by itself, too
    assert found(shop, "krem") == []


def test_a_synonym_is_no_slip_of_another_word(shop: OpenShop) -> None:
    assert asked(shop, "glim").read_as["glim"][0] == "glimp"
    put(shop, {"words": ["glim"], "means": ["dax"]})
    answer = asked(shop, "glim")
    assert answer.read_as == {} and found(shop, "glim") == ["f1"]


def test_without_a_synonym_means_without_what_it_means(shop: OpenShop) -> None:
    put(shop, {"words": ["snee", "plov"]})
    assert found(shop, "glimp without snee") == ["g2"]


def test_a_later_entry_about_the_same_words_takes_the_place_of_the_first(shop: OpenShop) -> None:
    put(shop, {"words": ["blarfo"], "means": ["glimp"]})
    answer = put_synonyms(
        shop, PutSynonymsRequest.model_validate({"synonyms": [{"words": ["Blarfo"], "means": ["dax"]}]})
    )
    assert (answer.added, answer.updated, answer.total) == (0, 1, 1)
    assert found(shop, "blarfo") == ["f1"]


def test_an_entry_that_says_nothing_is_refused_and_nothing_kept(shop: OpenShop) -> None:
    with pytest.raises(RequestInvalid, match="Entry 1 of `synonyms` says nothing"):
        put(shop, {"words": ["blarfo", "glimp"]}, {"words": ["alone"]})
    assert list_synonyms(shop, SynonymsRequest()).total == 0


def test_pages_of_the_list(shop: OpenShop) -> None:
    put(shop, *({"words": [f"a{n}", f"b{n}"]} for n in range(5)))
    first = list_synonyms(shop, SynonymsRequest(n=3))
    second = list_synonyms(shop, SynonymsRequest(n=3, after=first.next or 0))
    assert [one.words[0] for one in [*first.synonyms, *second.synonyms]] == [f"a{n}" for n in range(5)]
    assert first.total == 5 and second.next is None


def test_a_file_is_imported_its_bad_lines_listed_and_the_second_time_nothing_changes(
    shop: OpenShop, tmp_path: Path
) -> None:
    file = tmp_path / "synonyms.csv"
    file.write_text("blarfo, glimp\nalone\nsnee => plov\nglimp, blarfo\n", encoding="utf-8")
    report = import_synonyms(shop, ImportSynonymsRequest(source=file))
    assert (report.read, report.added, report.rejected, report.duplicates) == (4, 2, 1, 1)
    assert report.rejects_file is not None and "one word alone" in report.rejects_file.read_text()
    assert found(shop, "snee blarfo") == ["g1"]
    again = import_synonyms(shop, ImportSynonymsRequest(source=file))
    assert (again.added, again.updated, again.unchanged) == (0, 0, 2)
    assert again.read == again.added + again.updated + again.unchanged + again.duplicates + again.rejected


def test_what_another_process_says_is_heeded_at_once(shop: OpenShop) -> None:
    assert found(shop, "blarfo") == []
    bottega = str(Path(sys.executable).with_name("bottega"))
    command = [bottega, "synonyms", "put", "blarfo, glimp", "--shop", str(shop.folder.root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "1 added" in done.stdout
    assert found(shop, "blarfo") == ["g1", "g2"]


def test_a_preview_is_what_the_next_search_finds_and_keeps_nothing(shop: OpenShop) -> None:
    put(shop, {"words": ["snib"], "means": ["dax"]})
    entry = {"words": ["blarfo"], "means": ["glimp", "fnord dax"]}
    told = preview_synonym(shop, SynonymPreviewRequest.model_validate({"synonym": entry}))
    assert told.text == "blarfo" and told.before.total == 0
    assert asked(shop, "blarfo").total == 0 and len(list_synonyms(shop, SynonymsRequest()).synonyms) == 1
    of_two = preview_synonym(shop, SynonymPreviewRequest.model_validate({"synonym": entry, "text": "plov blarfo"}))
    put(shop, entry)
    for one in (told, of_two):
        after = asked(shop, one.text)
        assert one.after.total == after.total > 0
        assert one.after.product_ids == [hit.product_id for hit in after.items]
    with pytest.raises(RequestInvalid, match="one word alone"):
        preview_synonym(shop, SynonymPreviewRequest.model_validate({"synonym": {"words": ["blarfo"]}}))
