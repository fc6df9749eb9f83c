"""A wish, part by part: what a new part replaces, what stays, and what the search is asked."""

from __future__ import annotations

from bottega.actions.assistant.wish import HeardWords, begun, refined, same_thing, search_text_of
from bottega.models.dialogue.state import WishPart


def part(what: str, words: str, *, denied: bool = False, turn: int = 0) -> WishPart:
    return WishPart(what, words, denied, turn)


DRESS = begun(HeardWords((part("kind", "dress"), part("colour", "red"))), turn=1)


def words(wish: tuple[WishPart, ...]) -> list[str]:
    return [("not " if one.denied else "") + one.words for one in wish]


def test_a_part_takes_the_place_of_the_same_field() -> None:
    assert words(refined(DRESS, HeardWords((part("colour", "blue"),)), turn=2)) == ["dress", "blue"]
    assert words(refined(DRESS, HeardWords((part("kind", "skirt"),)), turn=2)) == ["red", "skirt"]


def test_a_broader_name_of_the_same_thing_leaves_the_narrower() -> None:
    shoes = begun(HeardWords((part("kind", "running shoes"),)), turn=1)
    assert words(refined(shoes, HeardWords((part("kind", "shoes"),)), turn=2)) == ["running shoes"]
    assert words(refined(shoes, HeardWords((part("kind", "trail running shoes"),)), turn=2)) == ["trail running shoes"]
    assert words(refined(shoes, HeardWords((part("kind", "boots"),)), turn=2)) == ["boots"]


def test_parts_of_one_line_stand_side_by_side() -> None:
    both = refined(DRESS, HeardWords((part("colour", "blue"), part("colour", "green"))), turn=2)
    assert words(both) == ["dress", "blue", "green"]


def test_what_is_denied_leaves_the_rest_and_takes_itself_away() -> None:
    without = refined(DRESS, HeardWords((part("material", "leather", denied=True),)), turn=2)
    assert words(without) == ["dress", "red", "not leather"]
    assert words(refined(without, HeardWords((part("material", "nylon", denied=True),)), turn=3))[-2:] == [
        "not leather",
        "not nylon",
    ]
    assert words(refined(DRESS, HeardWords((part("colour", "red", denied=True),)), turn=2)) == ["dress", "not red"]
    assert words(refined(without, HeardWords((part("material", "leather"),)), turn=3)) == ["dress", "red", "leather"]


def test_free_words_are_kept_while_the_talk_goes_on() -> None:
    wish = refined(DRESS, HeardWords((part("words", "light"),)), turn=2)
    wish = refined(wish, HeardWords((part("words", "washable"), part("price", "under 80.00"))), turn=3)
    assert search_text_of(wish, "en") == "red light washable dress under 80.00"
    assert search_text_of(refined(wish, HeardWords((part("price", "under 50.00"),)), turn=4), "en").endswith(
        "under 50.00"
    )


def test_what_the_search_is_asked_is_in_the_order_of_the_language() -> None:
    wish = (*DRESS, part("material", "lin", denied=True))
    assert search_text_of(wish, "fr") == "dress red sans lin"
    assert search_text_of(wish, "de") == "red dress ohne lin"


def test_a_long_talk_keeps_its_kind_its_price_and_its_newest_words() -> None:
    wish = (*DRESS, part("price", "under 80.00"))
    for number in range(200):
        wish = refined(wish, HeardWords((part("words", f"word{number}"),)), turn=number + 2)
    text = search_text_of(wish, "en")
    assert len(text) <= 500 and text.endswith("dress under 80.00") and "word199" in text and "word0 " not in text
    assert len(wish) <= 40


def test_kinds_are_of_one_thing_across_languages_and_breadths() -> None:
    assert same_thing("bike", "road bike") and same_thing("dresses", "Kleid") and same_thing("shoes", "sneakers")
    assert not same_thing("dress", "lamp") and not same_thing("", "lamp")
