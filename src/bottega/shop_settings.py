"""What a merchant may turn in one shop: one field, one default, one line of help; docs/settings.md has them all."""

from __future__ import annotations

import re
from datetime import UTC, tzinfo
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationInfo, field_validator

from bottega.environment_first import EnvironmentFirst
from bottega.names import ConsentRule
from bottega.opening_hours import OpeningHours

__all__ = ["WEEKLY", "ShopSettings"]

_ORIGIN = re.compile(r"https?://[^\s/?#*@]+")


WEEKLY = r"^(off|(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):[0-5]\d)$"
"""How a day of the week and a time are written, or that there is none."""


class ShopSettings(EnvironmentFirst):
    """Everything a merchant may turn in one shop."""

    database_url: str = Field("", description="Database; empty means SQLite in the shop folder (shop.db).")
    database_schema: str = Field(
        "",
        pattern=r"^([a-z_][a-z0-9_]{0,62})?$",
        description="Schema of PostgreSQL that holds the shop; empty: the one that the database's user has.",
    )
    files_url: str = Field(
        "",
        description="Where the shop's files lie, as in s3://bucket/prefix, with bottega[s3]; empty: in its folder "
        "(docs/store.md).",
    )
    files_prefix: str = Field(
        "",
        pattern=r"^([A-Za-z0-9][A-Za-z0-9_-]{0,39})?$",
        description="Where in the server's shops_files_url the shop's files lie, unless files_url says otherwise.",
    )
    require_key: bool = Field(True, description="Whether /v1 routes ask for an API key.")
    browser_origins: tuple[str, ...] = Field(
        (), description="Origins of pages whose browsers may call with a publishable key, as in https://shop.example."
    )
    storefront: Literal["public"] | bool = Field(
        False,
        description="What is served at /: the developer's window for true, without a key; for public, pages for "
        "shoppers (docs/publish.md).",
    )
    storefront_language: Literal["", "de", "en", "es", "fr", "it"] = Field(
        "", description="Language that the public storefront speaks; empty: that of the catalogue."
    )
    storefront_links: dict[str, str] = Field(
        {}, description="Links at the foot of the public storefront: words -> address, as of imprint and privacy."
    )
    visitor_per_minute: int = Field(
        240,
        ge=1,
        description="Pages and calls of one address that a public storefront answers in a minute, in each process.",
    )
    whatsapp: str = Field(
        "",
        description="The shop's number in WhatsApp with its country, as in +351 912 345 678: products lead to a chat "
        "there.",
    )
    currency: str = Field("USD", pattern=r"^[A-Z]{3}$", description="Currency of prices that name none (ISO 4217).")
    count: int = Field(10, ge=1, le=200, description="Products in a recommendation list when the request names no n.")
    diversity: float = Field(0.2, ge=0, le=1, description="Spread of a list when the request names none; 0 = none.")
    diversity_method: Literal["mmr", "dpp"] = Field("mmr", description="How a list is spread (docs/last-mile.md).")
    novelty: float = Field(0.0, ge=0, le=1, description="Shift towards less widely known products; 0 = none.")
    price_fit: float = Field(0.0, ge=0, le=1, description="Shift towards the shopper's own price level; 0 = none.")
    praise: float = Field(0.0, ge=0, le=1, description="Shift towards products that reviews praise; 0 = none.")
    reason_diversity: float = Field(
        0.5, ge=0, le=1, description="How seldom one reason is given twice, where others are as true; 0 = strongest."
    )
    exploration: float = Field(
        0.0, ge=0, le=0.5, description="Share of the places of lists that is given by chance (docs/exploration.md)."
    )
    cutoff_share: float = Field(
        0.2, gt=0, le=1, description="With `cutoff`, a list ends below this share of the first product's chance."
    )
    exclude_purchased_durables: bool = Field(
        True, description="Leave out what the shopper has bought, unless its category is bought again and again."
    )
    personalisation_consent: ConsentRule = Field(
        "assumed",
        description="Whom answers know and models learn from: who did not say no, or with asked who said yes.",
    )
    leave_out_bots: bool = Field(
        True, description="Whether who does what no person does is left out of models and counts (docs/check.md)."
    )
    taste_attributes: str = Field(
        "", description="Attributes that tastes are about, as in color, brand; empty: those that events speak for."
    )
    history_events: int = Field(200, ge=1, description="Newest events of a shopper that answers are made from.")
    events_kept_months: int = Field(
        0,
        ge=0,
        le=1200,
        description="Whole months that events are kept; older ones become counts (docs/privacy.md); 0: all.",
    )
    answers_kept_days: int = Field(
        30, ge=0, description="Days that the log of answers keeps a list, some 0.5 kB each; 0 keeps none."
    )
    session_idle_minutes: float = Field(
        60.0, gt=0, le=10_080, description="Minutes without a request after which a log-in of the console is over."
    )
    session_hours: float = Field(
        12.0, gt=0, le=720, description="Hours after which a log-in of the console is over, however busy."
    )
    audit_kept_days: int = Field(365, ge=1, description="Days that the log of who changed what is kept (docs/keys.md).")
    webhooks_kept_days: int = Field(
        30, ge=1, description="Days that a delivery of a webhook is remembered, so that it counts once."
    )
    encoder: str = Field(
        "",
        description="What turns texts into vectors: empty for the floor; meaning; sentence-transformers:MODEL; or an "
        "address and a model (docs/reviews.md).",
    )
    policies: str = Field(
        "policies.md",
        description="The shop's rules as Markdown, a file in its folder (docs/assistant-facts.md).",
    )
    rescue_on_import: Literal["off", "repair", "square", "portrait", "story", "small", "large"] = Field(
        "off", description="Whether imports suggest better main photos: off, repair, or a preset (docs/studio.md)."
    )
    train_schedule: str = Field(
        "off",
        pattern=r"^(off|nightly|([01]\d|2[0-3]):[0-5]\d)$",
        description="When a challenger is trained: off, nightly (03:00) or a time as in 03:30 (docs/staying-good.md).",
    )
    connect_schedule: str = Field(
        "off",
        pattern=r"^(off|nightly|(15|30)m|(1|2|3|4|6|8|12)h|([01]\d|2[0-3]):[0-5]\d( *, *([01]\d|2[0-3]):[0-5]\d)*)$",
        description="When connected platforms are asked what changed: off, nightly (03:00), every 15m ... 12h, "
        "or times as in 06:00, 18:00 (docs/connectors.md).",
    )
    challenger_margin: float = Field(
        0.1, ge=0, le=1, description="Share of its accuracy that a new model may seem to lose, and still be served."
    )
    timezone: str = Field("UTC", description="The shop's clock, as in Europe/Lisbon (IANA): of schedules and of days.")
    event_kinds: dict[str, str] = Field(
        {}, description="Your own names of events -> our kinds, for callers of gorse and Personalize (docs/callers.md)."
    )
    filters: dict[str, dict[str, Any]] = Field(
        {}, description="Filters by name, which callers of Personalize name as filterArn (docs/callers.md)."
    )
    personalize_campaigns: dict[str, str] = Field(
        {}, description="Names of campaigns and recommenders -> a placement or a strategy (docs/callers.md)."
    )
    language_model_url: str = Field(
        "", description="Address of your own language model, which may rephrase texts (docs/proof.md); empty: none."
    )
    language_model_name: str = Field("", description="Which model there; empty where there is only one.")
    language_model_file: str = Field(
        "", description="GGUF file of your own language model instead, run here by bottega[gguf]; empty: none."
    )
    language_model_timeout_s: float = Field(
        30.0, gt=0, le=600, description="Longest that one answer of the language model may take."
    )
    talks_model: tuple[Literal["rephrase", "read"], ...] = Field(
        (),
        description="What the model at language_model_url does in talks: rephrase answers, read lines that nobody "
        "understood (docs/assistant.md); empty: nothing.",
    )
    talks_model_timeout_s: float = Field(
        2.0, gt=0, le=30, description="Longest that a shopper waits for it, each time; then it goes on without."
    )
    shop_name: str = Field("", max_length=100, description="What letters call the shop; empty: the folder's name.")
    public_url: str = Field(
        "",
        description="Address of this server as shoppers reach it: letters link to it (docs/messages.md).",
    )
    letters: tuple[Literal["welcome", "cart", "again", "back", "price", "next"], ...] = Field(
        ("welcome", "cart", "again", "back", "price", "next"), description="Kinds of letters that are sent at all."
    )
    letters_from: str = Field("", description='Who letters come from, as in "Nord <shop@nord.example>".')
    letters_smtp: str = Field(
        "", description="Server that takes letters, as in smtp://user@mail.example:587 or smtps://...; empty: none."
    )
    letters_webhook: str = Field("", description="Address of your own mailer, which is sent letters; empty: none.")
    letters_schedule: str = Field(
        "off",
        pattern=r"^(off|(15|30)m|(1|2|3|4|6|8|12)h|([01]\d|2[0-3]):[0-5]\d( *, *([01]\d|2[0-3]):[0-5]\d)*)$",
        description="When letters are sent by themselves: off, every 15m, 30m, 1h, 2h ... 12h, or times as in "
        "09:00, 17:30 (docs/messages.md).",
    )
    report_schedule: str = Field(
        "off",
        pattern=WEEKLY,
        description="When the report of the week is made by itself: off, or a day and a time, as in mon 07:00 "
        "(docs/reports.md).",
    )
    report_email: str = Field(
        "", description="Who is mailed the report of the week; needs letters_smtp and letters_from (docs/reports.md)."
    )
    letters_products: int = Field(4, ge=1, le=12, description="At most so many products in a letter.")
    letters_per_day: int = Field(1, ge=0, le=10, description="At most so many letters a shopper in 24 hours.")
    letters_per_week: int = Field(3, ge=0, le=50, description="At most so many letters a shopper in 7 days.")
    letters_quiet: str = Field(
        "21-8",
        pattern=r"^([01]?\d|2[0-4])-([01]?\d|2[0-4])$",
        description="Hours of the shopper's clock without letters, from-until; 0-0: none.",
    )
    letters_cart_hours: float = Field(4.0, ge=0, le=168, description="Hours until a cart counts as left.")
    letters_next_days: int = Field(14, ge=1, le=365, description="Days from a purchase to a proposal for the next.")
    letters_price_drop: float = Field(
        0.1, ge=0, lt=1, description="Share by which a price must fall to be worth a letter."
    )
    letters_lead_days: int = Field(3, ge=0, le=30, description="Days before something runs out that a letter says so.")
    product_model: str = Field(
        "", description="Folder of the generator of product pictures; empty: the one that ships (docs/studio.md)."
    )
    sketch_model: str = Field(
        "",
        description="Folder of the network for products from drawings; empty: the one that ships (docs/studio.md).",
    )
    design_days: int = Field(30, ge=1, le=3650, description="Days that a design which nobody ordered is kept.")
    designs_an_hour: int = Field(
        600, ge=0, description="Designs of all visitors together that publishable keys make in an hour."
    )
    dress_models: tuple[str, ...] = Field(
        (), description="Fashion models that show the catalogue and lookbooks; all that fit where empty."
    )
    pictures_an_hour: int = Field(
        600,
        ge=0,
        description="Pictures of all visitors together that publishable keys keep in closets, and as many that they "
        "share, in an hour.",
    )
    dressing_an_hour: int = Field(
        600,
        ge=0,
        description="Pictures of the dressing room of all visitors together (tried on, dressed, turned) that "
        "publishable keys ask for in an hour.",
    )
    share_hours: float = Field(
        72.0, gt=0, le=720, description="Hours until a link to a shared picture expires (docs/dressing-room.md)."
    )
    talks_an_hour: int = Field(
        3000, ge=0, description="New talks of all visitors together that publishable keys begin in an hour."
    )
    opening_hours: str = Field(
        "",
        description="When persons answer talks, on the shop's clock, as in mon-fri 9:00-18:00, sat 10:00-14:00; empty: "
        "whenever one is there (docs/talks.md).",
    )
    handover_words: tuple[str, ...] = Field(
        (), description="Words of a shopper at which a talk goes to a person, as in lawyer (docs/talks.md)."
    )
    talks_email: str = Field(
        "", description="Who is told by mail when somebody waits for a person; needs letters_smtp (docs/talks.md)."
    )
    talks_webhook: str = Field(
        "", description="Address that is sent every line of every talk, signed; empty: none (docs/talks.md)."
    )
    talks_kept_days: int = Field(
        90, ge=1, description="Days that the words of talks are kept; after that, what was asked for, without words."
    )
    chatwoot_url: str = Field("", description="Address of a Chatwoot where agents answer (docs/talks.md); empty: none.")
    chatwoot_account: int = Field(1, ge=1, description="Number of the account there.")
    chatwoot_inbox: int = Field(0, ge=0, description="Number of its inbox, of the kind API.")
    seed: int = Field(0, ge=0, description="Seed of everything random in training and evaluation.")

    @field_validator("storefront", mode="before")
    @classmethod
    def _shown(cls, shown: Any) -> Any:
        if isinstance(shown, str) and shown.strip().lower() not in ("public", "true", "false", "1", "0"):
            raise ValueError('it is true, false or "public"')
        return shown.strip().lower() if isinstance(shown, str) else shown

    @field_validator("storefront")
    @classmethod
    def _behind_a_key(cls, shown: bool | str, info: ValidationInfo) -> bool | str:
        if shown == "public" and not info.data.get("require_key", True):
            raise ValueError(
                "a public storefront needs require_key = true, or everybody may read and change all there is"
            )
        return shown

    @field_validator("storefront_links")
    @classmethod
    def _links(cls, links: dict[str, str]) -> dict[str, str]:
        if any(not re.fullmatch(r"(https?://|mailto:|/(?!/))\S+", address) for address in links.values()):
            raise ValueError("each is words and an address: http, https, mailto, or a path that begins with /")
        return links

    @field_validator("whatsapp")
    @classmethod
    def _number(cls, number: str) -> str:
        digits = re.sub(r"[\s()./-]", "", number).removeprefix("+")
        if digits and not re.fullmatch(r"[1-9]\d{6,14}", digits):
            raise ValueError("a number has its country in front and 7 to 15 digits, as in +351 912 345 678")
        return digits

    @field_validator("browser_origins")
    @classmethod
    def _origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        found = tuple(origin.strip().rstrip("/").lower() for origin in origins)
        if any(not _ORIGIN.fullmatch(origin) for origin in found):
            raise ValueError("an origin is http or https, a host and perhaps a port, as in https://shop.example")
        return found

    @field_validator("public_url", "letters_webhook", "talks_webhook", "chatwoot_url")
    @classmethod
    def _address(cls, address: str) -> str:
        found = address.strip().rstrip("/")
        if found and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", found):
            raise ValueError(
                "an address is http or https, a host and perhaps a path, as in https://shop.example/letters"
            )
        return found

    @field_validator("talks_model")
    @classmethod
    def _has_a_model(cls, uses: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if uses and not info.data.get("language_model_url"):
            raise ValueError("it needs the model at an address that the setting language_model_url names")
        return uses

    @field_validator("letters_smtp")
    @classmethod
    def _mail_server(cls, address: str) -> str:
        if address and not re.fullmatch(r"smtps?://([^\s/@:]+(@[^\s/@:]+)?@)?[^\s/@:]+(:\d{1,5})?", address):
            raise ValueError("a mail server is smtp:// or smtps://, perhaps a user and @, a host and perhaps a port")
        return address

    @field_validator("opening_hours")
    @classmethod
    def _hours(cls, text: str) -> str:
        if text.strip():
            OpeningHours.of(text)
        return text.strip()

    @field_validator("talks_email", "report_email")
    @classmethod
    def _mailbox(cls, address: str) -> str:
        if address and not re.fullmatch(r"[^\s<>@,;]+@[^\s<>@,;]+", address.strip()):
            raise ValueError("it is one e-mail address, as in service@shop.example")
        return address.strip()

    @field_validator("letters_from")
    @classmethod
    def _sender(cls, sender: str) -> str:
        if sender and not re.fullmatch(r"([^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)", sender.strip()):
            raise ValueError("a sender is an address, perhaps behind a name, as in Nord <shop@nord.example>")
        return sender.strip()

    @field_validator("timezone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("no time zone of this machine has this name; UTC and Europe/Lisbon are names") from error
        return name

    @property
    def fold_schedule(self) -> str:
        """When old events are folded: every night, where the shop does not keep them all."""
        return "02:30" if self.events_kept_months else "off"

    @property
    def zone(self) -> tzinfo:
        """The shop's clock."""
        return UTC if self.timezone == "UTC" else ZoneInfo(self.timezone)

    @property
    def tastes(self) -> tuple[str, ...]:
        """The attributes that the merchant says tastes are about; none where the events shall say."""
        return tuple(name for part in self.taste_attributes.split(",") if (name := part.strip()))
