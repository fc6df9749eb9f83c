"""Talks turn by turn: search, refine, more, point, correct, compare; each line read as the test says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bottega.actions.assistant.finding import RECITED_MOST
from bottega.actions.assistant.shapes import AssistantAnswer
from bottega.errors import RequestInvalid, TalkUnknown
from bottega.events.traits import Consent, Traits
from bottega.models.dialogue.commands import Command, Intent, Mood, Pointing, PointingWay
from bottega.shop.open_shop import OpenShop
from bottega.store.traits import Telling

Talks = Callable[..., Any]


def ids(answer: AssistantAnswer) -> list[str]:
    return [product.product_id for product in answer.products]


def numbers(answer: AssistantAnswer) -> list[int]:
    return [int(id_.partition("-")[2]) for id_ in ids(answer)]


def search(words: str, **more: Any) -> Command:
    return Command(Intent.SEARCH, words, **more)


def refine(words: str, **more: Any) -> Command:
    return Command(Intent.REFINE, words, **more)


def place(*places: int) -> tuple[Pointing, ...]:
    return (Pointing(PointingWay.PLACE, places),)


def test_a_search_counts_over_the_whole_shelf_and_shows_prices_of_now(talks: Talks) -> None:
    talk = talks()
    answer = talk.say("do you have red dresses?", search("do you have red dresses?"))
    assert answer.total == 10 and len(answer.products) == 6 and all(number % 3 == 0 for number in numbers(answer))
    assert "10" in answer.text[0] and "red dresses" in answer.text[0] and "€20.00" in answer.text[0]
    assert answer.products[0].price == "€20.00" and answer.products[0].availability == "in_stock"
    assert [product.place for product in answer.products] == [1, 2, 3, 4, 5, 6]
    assert answer.sources[0].kind == "shelf"


def test_pages_go_on_until_the_last(talks: Talks) -> None:
    talk = talks()
    first = talk.say("red dresses", search("red dresses"))
    second = talk.say("show me more", Command(Intent.MORE, "show me more"))
    assert not set(ids(first)) & set(ids(second))
    while any(button.value == "more" for button in second.buttons):
        second = talk.press("more")
    assert talk.say("more", Command(Intent.MORE, "more")).text == ["That was all of them."]


def test_refining_replaces_denies_and_keeps(talks: Talks) -> None:
    talk = talks()
    talk.say("red dresses", search("red dresses"))
    blue = talk.say("in blue, please", refine("in blue, please"))
    assert blue.total == 10 and all(number % 3 == 1 for number in numbers(blue))
    cotton = talk.say("no linen", refine("no linen"))
    assert cotton.total == 5 and all(number % 2 for number in numbers(cotton))
    dear = talk.say("under 60", refine("under 60"))
    assert numbers(dear)[: dear.total] == [1, 7] and "€60.00" in dear.text[0]


def test_cheaper_is_below_what_was_shown_and_says_so_where_nothing_is(talks: Talks) -> None:
    talk = talks()
    talk.say("dresses over 50", search("dresses over 50"))
    cheaper = talk.say("too dear, something cheaper", refine("too dear, something cheaper"))
    assert cheaper.total == 6 and max(product.price_minor or 0 for product in cheaper.products) < 5000
    none = talk.say("cheaper still", refine("cheaper"))
    assert "None costs less" in none.text[0] and none.products[0].price_minor == 2000
    assert "€" in none.text[0] and "$" not in none.text[0], "the products' own currency, whatever the setting says"


def test_cheaper_counts_from_what_was_asked_for_and_shows_nothing_else_that_is_cheap(talks: Talks) -> None:
    talk = talks()
    black = talk.say("black lamps", search("black lamps"))
    assert any(one.close for one in black.products) and min(one.price_minor or 0 for one in black.products) < 3200
    none = talk.say("cheaper", refine("cheaper"))
    assert "32.00" in none.text[0] and ids(none) == ["lamp-2", "lamp-5", "lamp-8"]
    red = talk.say("in red", refine("in red"))
    assert ids(red) == ["lamp-0", "lamp-3", "lamp-6"] and "red" in red.text[0] and "€30.00" in red.text[0]


def test_a_search_about_the_same_thing_goes_on_and_another_begins_anew(talks: Talks) -> None:
    talk = talks()
    talk.say("red dresses", search("red dresses"))
    linen = talk.say("I want a dress of linen", search("I want a dress of linen"))
    assert linen.total == 5 and all(number % 6 == 0 for number in numbers(linen)[:5])
    lamps = talk.say("do you have lamps", search("do you have lamps"))
    assert lamps.total == 9


def test_what_a_question_tells_of_a_liking_orders_what_comes_next(talks: Talks) -> None:
    talk = talks()
    talk.say("dresses", search("dresses"))
    talk.say("is it like Cleo?", Command(Intent.ASK, "is it like Cleo?", about="other"))
    more = talk.say("more", Command(Intent.MORE, "more"))
    assert len(more.products) == 6 and all(number >= 20 for number in numbers(more))


@pytest.mark.parametrize(
    "said",
    [
        Command(Intent.CHAT, "thanks, Cleo", about="thanks"),
        Command(Intent.ASK, "what are boots like Cleo made of?", about="material"),
        Command(Intent.ASK, "what does Cleo cost?", about="price"),
    ],
)
def test_thanks_a_price_and_another_thing_tell_no_liking(talks: Talks, said: Command) -> None:
    talk, quiet = talks(), talks()
    for one in (talk, quiet):
        one.say("dresses", search("dresses"))
    talk.say(said.words, said)
    more = Command(Intent.MORE, "more")
    assert ids(talk.say("more", more)) == ids(quiet.say("more", more))


def test_a_thing_that_is_not_surely_another_is_what_the_first_shall_have(talks: Talks) -> None:
    talk = talks()
    talk.say("lamps", search("lamps"))
    table = talk.say("for a table, with boots on it", search("for a table, with boots on it", chance=0.6))
    assert all(id_.startswith("lamp") for id_ in ids(table))
    boots = talk.say("show me boots", search("show me boots"))
    assert boots.total == 12


def test_pointing_by_place_by_words_and_by_focus(talks: Talks) -> None:
    talk = talks()
    boots = talk.say("boots", search("boots"))
    like = talk.say("the second one in black", refine("the second one in black", at=place(2)))
    assert like.text[0].startswith(f"Like {boots.products[1].title}, but black") and like.total == 4
    talk.say("show boots again", search("show boots again"))
    by_words = (Pointing(PointingWay.WORDS, words="the red Puma"),)
    puma = talk.say("more like the red Puma", Command(Intent.MORE, "more like the red Puma", at=by_words))
    assert puma.text[0].endswith("Ankle boots Puma 3:") and "boot-3" not in ids(puma)
    focus = (Pointing(PointingWay.FOCUS),)
    again = talk.say("that one in blue", refine("that one in blue", at=focus))
    assert again.text[0].startswith("Like Ankle boots Puma 3, but blue")


def test_places_that_are_not_there_are_asked_about(talks: Talks) -> None:
    talk = talks()
    talk.say("lamps under 32", search("lamps under 32"))
    answer = talk.say("the ninth one in red", refine("the ninth one", at=place(9)))
    assert answer.text == ["There is no number 9 in the list; it has 3."]


def test_an_earlier_list_is_gone_but_a_named_product_is_found(talks: Talks) -> None:
    talk = talks()
    talk.say("dresses", search("dresses"))
    answer = talk.say("what about Table lamp Luna 4?", search("Table lamp Luna 4"))
    assert ids(answer)[0] == "lamp-4"  # never shown: it is looked for


def test_correction_undoes_the_line_before(talks: Talks) -> None:
    talk = talks()
    talk.say("dresses", search("dresses"))
    talk.say("in red", refine("in red"))
    answer = talk.say("no, I meant blue", Command(Intent.CORRECTION, "no, I meant blue"))
    assert all(number % 3 == 1 for number in numbers(answer)) and answer.total == 10
    lamps = talk.say("no, I meant lamps", Command(Intent.CORRECTION, "no, I meant lamps"))
    assert lamps.total == 9 and all(id_.startswith("lamp") for id_ in ids(lamps))


def test_cancel_empties_the_wish(talks: Talks) -> None:
    talk = talks()
    talk.say("red dresses", search("red dresses"))
    talk.say("forget it", Command(Intent.CANCEL, "forget it"))
    assert talk.state.wish == () and talk.state.shown == ()
    assert talk.say("in blue", refine("in blue")).total == 17  # of everything


def test_nothing_of_the_kind_is_said_at_once(talks: Talks) -> None:
    talk = talks()
    answer = talk.say("do you sell surfboards?", search("do you sell surfboards?"))
    assert "surfboards" in answer.text[0] and answer.total == 0 and not answer.products
    talk.say("red dresses", search("red dresses"))
    doubtful = Command(Intent.SEARCH, "have you got surfboards?", chance=0.4)
    amid = talk.say("have you got surfboards?", doubtful)
    assert "surfboards" in amid.text[0] and not amid.products, "no list that was asked for before"
    tight = talk.say("red lamps under 5", search("red lamps under 5"))
    assert tight.total == 0 and "lamps" in tight.text[0] and all(product.close for product in tight.products)


def test_superlatives_are_of_the_whole_shelf(talks: Talks) -> None:
    talk = talks()
    talk.say("lamps", search("lamps"))
    answer = talk.say("the most expensive thing you have", search("the most expensive thing you have"))
    assert ids(answer)[0] == "boot-11" and answer.total == 51
    dress = talk.say("the cheapest dress", search("the cheapest dress"))
    assert ids(dress)[0] == "dress-0" and dress.total == 30 and "€20.00" in dress.text[0]


def test_comparing_says_what_differs_with_real_values(talks: Talks) -> None:
    talk = talks()
    talk.say("boots", search("boots"))
    answer = talk.say("compare the first two", Command(Intent.COMPARE, "compare the first two", at=place(1, 2)))
    assert answer.compared is not None and len(answer.compared.titles) == len(answer.compared.product_ids) == 2
    assert answer.compared.rows and all(len(row.values) == 2 and row.label for row in answer.compared.rows)
    assert all(value in " ".join(answer.text) for row in answer.compared.rows for value in row.values)
    assert "Ankle boots Tamaris 0 (A)" in answer.text[0] and "Ankle boots Puma 1 (B)" in answer.text[0]
    assert "Price: €60.00 (A); €70.00 (B)" in answer.text
    assert {source.product_id for source in answer.sources} == {"boot-0", "boot-1"} and not answer.products


def test_one_question_a_turn_and_none_twice(talks: Talks) -> None:
    talk = talks()
    asked = []
    for line in ("dresses", "in red", "of linen", "dresses", "in blue"):
        answer = talk.say(line, search(line) if line == "dresses" else refine(line))
        questions = [text for text in answer.text if text.endswith("?")]
        assert len(questions) <= 1
        asked += [talk.state.asked.what] if questions else []
    assert asked and len(asked) == len(set(asked)) <= 3


def test_a_button_answers_the_question(talks: Talks) -> None:
    talk = talks()
    first = talk.say("dresses", search("dresses"))
    chosen = next(button for button in first.buttons if button.value == "choose:1")
    answer = talk.press("choose:1")
    assert f"({answer.total})" in chosen.label and answer.total < 30 and len(talk.state.wish) == 2


@pytest.mark.parametrize("button", ["choose:9", "drop:7", "similar:24", "rm -rf", "search:lamps", "more lamps", ""])
def test_buttons_are_numbers_within_what_was_offered(talks: Talks, button: str) -> None:
    talk = talks()
    talk.say("lamps under 32", search("lamps under 32"))
    with pytest.raises(RequestInvalid, match="none of this talk's"):
        talk.press(button)
    assert talk.state.wish  # as it was


def test_what_the_shopper_did_orders_and_explains(talks: Talks) -> None:
    mine, anybodys = talks("ana"), talks()
    dresses = mine.say("dresses", search("dresses"))
    assert ids(dresses) != ids(anybodys.say("dresses", search("dresses")))
    assert dresses.total == 30 and dresses.products[0].reasons[0].startswith("red, as in ")
    tips = talks("ana").say("any ideas for me?", Command(Intent.SUGGEST, "any ideas for me?"))
    assert tips.products and tips.sources[0].kind == "events"
    assert any("because you" in reason for product in tips.products for reason in product.reasons)
    assert not any(product.reasons and "because" in product.reasons[0] for product in _suggested(talks()).products)


def _suggested(talk: Any) -> AssistantAnswer:
    return talk.say("any ideas?", Command(Intent.SUGGEST, "any ideas?"))  # type: ignore[no-any-return]


def test_what_was_bought_can_be_pointed_at(talks: Talks) -> None:
    bought = (Pointing(PointingWay.BOUGHT, words="the boots", days=8),)
    answer = talks("ana").say("like the boots I bought last week", search("the boots I bought", at=bought))
    assert answer.text[0].endswith("Ankle boots Puma 3:") and "boot-3" not in ids(answer)
    old = (Pointing(PointingWay.BOUGHT, words="the lamp", days=8),)
    none = talks("ana").say("like the lamp I bought last week", refine("the lamp I bought", at=old))
    assert none.text == ["I find nothing of that among what you bought."]
    stranger = talks().say("like the boots I bought", refine("the boots I bought", at=bought))
    assert stranger.text == ["I do not know what you bought; log in first, please."]


def test_not_understood_twice_offers_a_person_once(talks: Talks) -> None:
    talk = talks()
    assert not talk.say("xqz", language="en").buttons
    second = talk.say("xqz qqq", language="en")
    assert [button.value for button in second.buttons] == ["yes", "no"]
    assert talk.press("no").owner == "assistant"
    for line in ("zz", "zzz", "zzzz"):
        assert not talk.say(line, language="en").buttons


def test_unsure_asks_which_is_meant_and_takes_the_answer(talks: Talks) -> None:
    talk = talks()
    answer = talk.say("somehow quickly", unsure=(Intent.ORDER, Intent.SEARCH))
    assert [button.label for button in answer.buttons] == ["Delivery and returns", "Find something"]


def test_a_person_is_called_and_the_assistant_falls_silent(talks: Talks, talk_shop: OpenShop) -> None:
    talk = talks()
    answer = talk.say("a human please", Command(Intent.PERSON, "a human please"))
    assert answer.owner == "waiting" and answer.text
    after = talk.say("red dresses", search("red dresses"))
    assert after.owner == "waiting" and not after.text and not after.products
    assert len(talk_shop.store.talks.lines(talk.talk_id)) >= 3  # the line was kept


def test_somebody_elses_talk_is_unknown(talks: Talks) -> None:
    mine = talks("ana")
    mine.say("lamps", search("lamps"))
    other = talks("ben")
    other.talk_id = mine.talk_id
    with pytest.raises(TalkUnknown):
        other.say("lamps", search("lamps"))
    nobody = talks()
    nobody.talk_id = mine.talk_id
    with pytest.raises(TalkUnknown):
        nobody.say("lamps", search("lamps"))


def test_mood_changes_the_tone_and_nothing_else(talks: Talks) -> None:
    plain = talks().say("red lamps", search("red lamps"))
    annoyed = talks().say("red lamps!!", search("red lamps"), mood=Mood.ANNOYED)
    assert annoyed.text[0] == "I am sorry for the trouble." and ids(annoyed) == ids(plain)
    assert any(button.value == "person" for button in annoyed.buttons)


def test_who_complains_is_told_once_that_the_shop_is_sorry(talks: Talks) -> None:
    answer = talks().say("you are useless", Command(Intent.COMPLAINT, "you are useless"), mood=Mood.ANNOYED)
    assert sum("sorry" in one for one in answer.text) == 1


def test_a_question_about_the_rules_shows_no_product(talks: Talks) -> None:
    talk = talks()
    talk.say("red boots", search("red boots"))
    before = talk.state.shown
    answer = talk.say("can I send lamp Luna 3 back?", Command(Intent.ORDER, "send lamp Luna 3 back", about="returns"))
    assert not answer.products and talk.state.shown == before


def test_the_only_one_that_is_all_of_the_wish_is_it(talks: Talks) -> None:
    talk = talks()
    found = talk.say("lamp Luna 3", search("table lamp luna 3"))
    assert [one.product_id for one in found.products if not one.close] == ["lamp-3"] and len(found.products) > 1
    assert "Lamp" not in talk.say("its colour?", Command(Intent.ASK, "colour", about="colour")).text[0]
    assert talk.state.focus == "lamp-3"


@pytest.mark.parametrize(
    ("hello", "language"), [("Hola", "es"), ("Ciao!", "it"), ("Guten Tag", "de"), ("hey", "en"), ("hello", "en")]
)
def test_a_greeting_of_one_language_begins_the_talk_in_it(talks: Talks, hello: str, language: str) -> None:
    read = Command(Intent.CHAT, hello, about="greeting")
    assert talks().say(hello, read, language="en").language == language


def test_the_language_of_the_line_is_that_of_the_answer(talks: Talks) -> None:
    talk = talks()
    answer = talk.say("haben Sie rote Lampen im Laden", search("rote Lampen"), language="de")
    assert answer.language == "de" and "„rote Lampen“" in answer.text[0] and "30,00" in answer.text[0]
    again = talk.say("ok blau", refine("blau"), language="en")
    assert again.language == "de"  # too short a line to change it


def test_a_greeting_is_by_name_of_those_who_agree_to_be_known(talks: Talks, talk_shop: OpenShop) -> None:
    told = [
        Telling("eva", Traits(name="Eva Lind")),
        Telling("tom", Traits(name="Tom Lind", consent=Consent(personalisation="no"))),
    ]
    talk_shop.store.traits.tell(told, now_ms=1)
    talk_shop.refresh()
    hello = Command(Intent.CHAT, "hello", about="greeting")
    assert "Eva" in talks("eva").say("hello", hello).text[0]
    assert "Tom" not in talks("tom").say("hello", hello).text[0]
    second = talks("eva")
    assert "Eva" in second.say("hello", hello).text[0]
    talk_shop.store.traits.tell([Telling("eva", Traits(consent=Consent(personalisation="no")))], now_ms=2)
    talk_shop.refresh()
    again = second.say("hello", hello)
    assert "Eva" not in again.text[0] and second.state.name == "", "a no counts from the next line on"


def test_a_wish_of_many_parts_is_not_recited(talks: Talks) -> None:
    talk = talks()
    short = talk.say("suede dress", Command(Intent.SEARCH, "suede dress"))
    assert short.total == 0 and "suede dress" in short.text[0]
    line = "red suede dress Ada Puma"
    long = talk.say(line, Command(Intent.SEARCH, line))
    assert len(talk.state.wish) > RECITED_MOST and long.total == 0 and long.products
    assert "suede" not in long.text[0] and long.text[0].endswith(":")
