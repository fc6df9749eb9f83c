"""Beside the answering: who is told that somebody waits, what the shopper is told, and old words taken out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from bottega.actions.talks.presence import AGENT_GONE_MS, There, presence_of, told_of_presence
from bottega.actions.talks.tending import tend_talks
from bottega.connectors.mail import MailServer
from bottega.errors import LetterNotTaken
from bottega.models.dialogue.handing_over import HandOverCause
from bottega.models.dialogue.state import TalkState
from bottega.names import DAY_MS, LineBy, Owner
from bottega.settings import load_settings
from bottega.shop.open_shop import OpenShop
from bottega.store.talks import TalkLine

MONDAY_7_MS = int(datetime(2026, 11, 30, 7, tzinfo=UTC).timestamp() * 1000)
MAIL = """
letters_smtp = "smtp://localhost"
letters_from = "Nord <shop@nord.example>"
talks_email = "service@nord.example"
"""


@pytest.fixture
def opened(tmp_path: Path) -> Any:
    shops: list[OpenShop] = []

    def open_shop(toml: str = "") -> OpenShop:
        folder = tmp_path / f"shop{len(shops)}"
        folder.mkdir()
        (folder / "bottega.toml").write_text(toml)
        shops.append(OpenShop.open(folder))
        shops[-1].store.talks.open("t-1", shopper="ana", language="en", now_ms=MONDAY_7_MS)
        return shops[-1]

    yield open_shop
    for shop in shops:
        shop.close()


def hand_over(shop: OpenShop, language: str = "en", now_ms: int = MONDAY_7_MS) -> str | None:
    talk = shop.store.talks.get("t-1")
    assert talk is not None
    told = told_of_presence(presence_of(shop, now_ms), language, now_ms)
    line, state = TalkLine(LineBy.ASSISTANT, f"Of course.\n{told}"), TalkState(language=language).to_json()
    why = HandOverCause.ASKED.value
    return told if shop.store.talks.wait("t-1", talk.fence, line, state, why=why, now_ms=now_ms) else None


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Nobody is here until 9:00. Leave a message here, and it will be answered then."),
        ("de", "Bis 9:00 Uhr ist niemand da."),
        ("fr", "Il n'y a personne avant 9:00."),
        ("es", "No hay nadie hasta las 9:00."),
        ("it", "Non c'è nessuno fino alle 9:00."),
        ("nl", "Nobody is here until 9:00."),
    ],
)
def test_nobody_is_here_until_nine(opened: Callable[..., OpenShop], language: str, words: str) -> None:
    shop = opened('opening_hours = "mon-fri 9:00-18:00"')
    told = hand_over(shop, language)
    assert told is not None and told.startswith(words)
    talk = shop.store.talks.get("t-1")
    assert talk is not None and (talk.owner, talk.why) == (Owner.WAITING, "asked")
    first, second = shop.store.talks.lines("t-1")
    assert first.text == f"Of course.\n{told}" and second.by is LineBy.OWNER
    message = shop.store.talks.hear("t-1", TalkLine(LineBy.SHOPPER, "Where is my parcel?"), now_ms=MONDAY_7_MS)
    assert message.owner is Owner.WAITING, "the message is kept, and nobody answers before a person does"


def test_the_hours_are_those_of_the_shops_clock(opened: Callable[..., OpenShop]) -> None:
    shop = opened('opening_hours = "mon-fri 9:00-18:00"\ntimezone = "Asia/Tokyo"')
    assert presence_of(shop, MONDAY_7_MS).there is There.TOLD, "in Tokyo it is four in the afternoon"
    evening = presence_of(shop, MONDAY_7_MS + 5 * 3_600_000)
    assert evening.there is There.AWAY and evening.opens is not None and evening.opens.day == 1


def test_who_looks_counts_before_any_hours_and_for_two_minutes(opened: Callable[..., OpenShop]) -> None:
    shop = opened('opening_hours = "mon-fri 9:00-18:00"')
    shop.store.agents.seen("Mia", now_ms=MONDAY_7_MS)
    assert presence_of(shop, MONDAY_7_MS + AGENT_GONE_MS).there is There.HERE
    assert presence_of(shop, MONDAY_7_MS + AGENT_GONE_MS + 1).there is There.AWAY


def test_without_hours_it_is_said_whether_anybody_is_told(opened: Callable[..., OpenShop]) -> None:
    assert presence_of(opened(), MONDAY_7_MS).there is There.AWAY
    assert presence_of(opened(MAIL), MONDAY_7_MS).there is There.TOLD
    assert hand_over(opened()) == "Nobody is here at the moment. Leave a message here, and it will be answered."


def test_a_person_who_was_quicker_is_not_talked_over(opened: Callable[..., OpenShop]) -> None:
    shop = opened()
    talk = shop.store.talks.get("t-1")
    assert talk is not None
    shop.store.talks.take("t-1", "Mia", now_ms=MONDAY_7_MS)
    line, why = TalkLine(LineBy.ASSISTANT, "A person comes."), HandOverCause.ASKED.value
    waits = shop.store.talks.wait("t-1", talk.fence, line, TalkState().to_json(), why=why, now_ms=MONDAY_7_MS)
    assert not waits and [line.by for line in shop.store.talks.lines("t-1")] == [LineBy.OWNER]


def test_one_mail_for_each_wait_and_none_of_the_shoppers_words(
    opened: Callable[..., OpenShop], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[EmailMessage] = []
    refuses = True

    def take(self: MailServer, message: EmailMessage) -> None:
        if refuses:
            raise LetterNotTaken("The mail server is away.")
        sent.append(message)

    monkeypatch.setattr(MailServer, "hand_over", take)
    shop = opened(MAIL + 'public_url = "https://shop.example/b"\nshop_name = "Nord"\n')
    command = {"intent": "complaint", "about": "", "words": "my ring is broken"}
    shop.store.talks.hear("t-1", TalkLine(LineBy.SHOPPER, "my ring is broken", (command,)), now_ms=MONDAY_7_MS)
    assert hand_over(shop) is not None
    assert not tend_talks(shop, MONDAY_7_MS) and sent == []
    refuses = False
    assert tend_talks(shop, MONDAY_7_MS) and tend_talks(shop, MONDAY_7_MS)
    (message,) = sent
    text = message.get_content()
    assert (
        message["To"] == "service@nord.example" and "Nord: a shopper waits for a person (asked)" in message["Subject"]
    )
    assert "https://shop.example/b/agent#t-1" in text and "complaint" in text and "ring" not in message.as_string()
    shop.store.talks.give_back("t-1", by="Mia", now_ms=MONDAY_7_MS)
    assert hand_over(shop) is not None and tend_talks(shop, MONDAY_7_MS)
    assert len(sent) == 2, "another wait is another mail"


def test_words_go_after_their_days_once_a_day(opened: Callable[..., OpenShop]) -> None:
    shop = opened("talks_kept_days = 10")
    shop.store.talks.hear("t-1", TalkLine(LineBy.SHOPPER, "my size is 38"), now_ms=MONDAY_7_MS)
    shop.store.talks.hear("t-1", TalkLine(LineBy.SHOPPER, "a lamp"), now_ms=MONDAY_7_MS + 9 * DAY_MS)
    assert tend_talks(shop, MONDAY_7_MS + 11 * DAY_MS)
    assert [line.text for line in shop.store.talks.lines("t-1")] == ["", "a lamp"]
    record = shop.store.shoppers.record("ana")
    assert record is not None and "38" not in str(record.tables)


def test_words_go_whatever_a_desk_answers(opened: Callable[..., OpenShop], monkeypatch: pytest.MonkeyPatch) -> None:
    shop = opened("talks_kept_days = 10")
    shop.store.talks.hear("t-1", TalkLine(LineBy.SHOPPER, "my size is 38"), now_ms=MONDAY_7_MS)

    def broken(shop: OpenShop) -> list[Any]:
        raise KeyError("payload")

    monkeypatch.setattr("bottega.actions.talks.tending.desks_of", broken)
    with pytest.raises(KeyError):
        tend_talks(shop, MONDAY_7_MS + 11 * DAY_MS)
    assert [line.text for line in shop.store.talks.lines("t-1")] == [""]


def test_settings_of_talks_are_checked(tmp_path: Path) -> None:
    from bottega.errors import SettingsInvalid

    for text, message in (
        ('opening_hours = "9 to 5"', "is not understood; hours are days and times"),
        ('talks_email = "me"', "it is one e-mail address"),
        ('chatwoot_url = "chat"', "an address is http or https"),
    ):
        (tmp_path / "bottega.toml").write_text(text)
        with pytest.raises(SettingsInvalid, match=message):
            load_settings(tmp_path)
