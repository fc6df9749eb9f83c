"""Every table of a shop, as SQLAlchemy Core sees it. A new database gets them at once, an older one by migrations/."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    false,
    text,
)

from bottega.names import KindCode

__all__ = [
    "agents",
    "allowances",
    "answers",
    "api_keys",
    "asked_questions",
    "audit",
    "bots",
    "closet_items",
    "closet_pictures",
    "connections",
    "consents",
    "counters",
    "deliveries",
    "designs",
    "drift_reports",
    "errands",
    "event_counts",
    "events",
    "experiments",
    "exposures",
    "foreign_products",
    "foreign_shoppers",
    "identities",
    "jobs",
    "judgements",
    "meanings",
    "metadata",
    "mirrored_talks",
    "model_runs",
    "photo_vectors",
    "products",
    "reviews",
    "rule_versions",
    "secrets",
    "sessions",
    "shares",
    "shoppers",
    "stock_items",
    "stock_levels",
    "suggestions",
    "synonym_versions",
    "synonyms",
    "talk_lines",
    "talks",
    "tastes",
    "tellings",
    "turns",
    "users",
    "word_votes",
]

metadata = MetaData()

_Key = BigInteger().with_variant(Integer, "sqlite")

counters = Table(
    "counters",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", _Key, nullable=False, comment="Last number given out. Its row lock puts writers in a queue."),
)

products = Table(
    "products",
    metadata,
    Column("position", _Key, primary_key=True, autoincrement=False, comment="Order of first import."),
    Column("revision", _Key, nullable=False, comment="Grows with every write; readers ask for what is newer."),
    Column("id", Text, nullable=False),
    Column("group_id", Text),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("brand", Text),
    Column("category", JSON, nullable=False, comment="Path from the broadest to the deepest, a list of text."),
    Column("category_path", Text, nullable=False, comment="The same, joined by ' > ', for comparison."),
    Column("price_minor", BigInteger),
    Column("currency", String(3)),
    Column("availability", String(16), nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("images", JSON, nullable=False),
    Column("attributes", JSON, nullable=False, comment="Name to list of values."),
    Column("url", Text),
    Column("updated_at_ms", BigInteger),
    Column("source_row", Text),
    Column("words", Text, nullable=False, comment="Id, title, brand and category in small letters, for text search."),
    Index("products_id", "id", unique=True),
    Index("products_group_id", "group_id"),
    Index("products_revision", "revision"),
)

events = Table(
    "events",
    metadata,
    Column("seq", _Key, primary_key=True, autoincrement=False, comment="Order of arrival."),
    Column("event_id", Text, nullable=False),
    Column("shopper", Text, nullable=False, comment="Whose profile it belongs to, log-ins taken into account."),
    Column("shopper_id", Text),
    Column("anonymous_id", Text),
    Column("session_id", Text),
    Column("kind", SmallInteger, nullable=False, comment="names.KindCode"),
    Column("product_id", Text),
    Column("time_ms", BigInteger, nullable=False, comment="UTC"),
    Column("quantity", Integer, nullable=False),
    Column("value", Float(53)),
    Column("query", Text),
    Column("rating", Float(53)),
    Column("recommendation_id", Text),
    Column("source", Text),
    Column("order_id", Text, comment="The order that a purchase or a refund is part of."),
    Column("returned", Integer, nullable=False, server_default="0", comment="Pieces that refunds took back."),
    Column("claimed_order_id", Text, comment="The order that a browser says it is part of; anybody can guess one."),
    Column("retold", Boolean, nullable=False, server_default=false(), comment="Counts where another source told it."),
    Column("design_id", Text, comment="What was printed on the product: designs.design_id."),
    Index("events_event_id", "event_id", unique=True),
    Index("events_shopper_time", "shopper", "time_ms"),
    Index(
        "events_order_id",
        "order_id",
        sqlite_where=text("order_id IS NOT NULL"),
        postgresql_where=text("order_id IS NOT NULL"),
    ),
    Index(
        "events_design_id",
        "design_id",
        sqlite_where=text("design_id IS NOT NULL"),
        postgresql_where=text("design_id IS NOT NULL"),
    ),
    Index(
        "events_claimed_order_id",
        "claimed_order_id",
        sqlite_where=text("claimed_order_id IS NOT NULL"),
        postgresql_where=text("claimed_order_id IS NOT NULL"),
    ),
    Index(
        "events_refunds",
        "shopper",
        "product_id",
        sqlite_where=text(f"kind = {int(KindCode.REFUND)}"),
        postgresql_where=text(f"kind = {int(KindCode.REFUND)}"),
    ),
    Index(
        "events_session_id",
        "session_id",
        sqlite_where=text("session_id IS NOT NULL AND anonymous_id IS NOT NULL"),
        postgresql_where=text("session_id IS NOT NULL AND anonymous_id IS NOT NULL"),
    ),
)

identities = Table(
    "identities",
    metadata,
    Column("space", String(16), primary_key=True, comment="anonymous or session"),
    Column("id", Text, primary_key=True),
    Column("shopper_id", Text, nullable=False),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; the earliest log-in known."),
    Column("revision", _Key, nullable=False, comment="Grows with every log-in; readers ask for what is newer."),
    Index("identities_revision", "revision"),
    Index("identities_id", "id", "space"),
    Index("identities_shopper_id", "shopper_id"),
)

model_runs = Table(
    "model_runs",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=False),
    Column("room", String(32), nullable=False),
    Column("ability", String(32), nullable=False, comment="What it can do, as in eye; a room may have several."),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("trained_at_ms", BigInteger, nullable=False),
    Column("seconds", Float(53), nullable=False),
    Column("peak_mb", Float(53), nullable=False),
    Column("products", BigInteger, nullable=False),
    Column("events_seen", BigInteger, nullable=False),
    Column("shoppers", BigInteger, nullable=False),
    Column("measures", JSON, nullable=False),
    Column("folder", Text, nullable=False),
    Column("state", String(32), nullable=False, comment="ready or rolled_back"),
    Column("events_until_ms", BigInteger, comment="UTC; when the newest event happened that it learnt from."),
    Index("model_runs_ability", "ability", "version"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("label", Text, primary_key=True),
    Column("digest", String(64), nullable=False, comment="SHA-256 of the key; the key itself is never kept."),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False, server_default="secret", comment="names.KeyKind"),
    Column("role", String(16), comment="names.Role of a secret key; null for the other kinds."),
    Column("expires_at_ms", BigInteger, comment="UTC; null: never"),
    Column("used_at_ms", BigInteger, comment="UTC; last use, written once a minute at most; null: never"),
    Column("per_minute", Integer, comment="Requests that it may make in a minute; null: as many as it likes"),
    Column("tokens", Float(53), comment="What is left of them; null: nothing was taken yet"),
    Column("tokens_at_ms", BigInteger, comment="UTC; when that was counted"),
)

users = Table(
    "users",
    metadata,
    Column("name", Text, primary_key=True),
    Column("password", Text, nullable=False, comment="As argon2id has it, salt and costs included."),
    Column("role", String(16), nullable=False, comment="names.Role"),
    Column("created_at_ms", BigInteger, nullable=False, comment="UTC"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True, comment="SHA-256 of the token; it is never kept."),
    Column("user_name", Text, nullable=False),
    Column("made_at_ms", BigInteger, nullable=False, comment="UTC"),
    Column("seen_at_ms", BigInteger, nullable=False, comment="UTC; written once a minute at most"),
)
Index("sessions_user", sessions.c.user_name)

audit = Table(
    "audit",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=False, comment="Order of writing."),
    Column("at_ms", BigInteger, nullable=False, comment="UTC"),
    Column("by", String(16), nullable=False, comment="How they came: key, agent, user, command, nobody."),
    Column("who", Text, nullable=False, comment="Label of the key, name of the user."),
    Column("verb", String(64), nullable=False),
    Column("what", Text, nullable=False, comment="Ids and names of what was asked for; no secret, no person."),
    Column("request_id", String(64), nullable=False, comment="As in the log and in X-Request-ID."),
)
Index("audit_at", audit.c.at_ms)

secrets = Table(
    "secrets",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=False, comment="Order of keeping."),
    Column("purpose", String(128), nullable=False, comment="What it is for, as in shopify-webhook."),
    Column("sealed", Text, nullable=False, comment="Encrypted; shop/secrets.py has the key."),
    Column("created_at_ms", BigInteger, nullable=False, comment="UTC"),
    Index("secrets_purpose", "purpose"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("platform", String(32), primary_key=True),
    Column("delivery", Text, primary_key=True, comment="As the platform calls it; the same when it is sent again."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it was taken."),
    Index("deliveries_time_ms", "time_ms"),
)

errands = Table(
    "errands",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=False, comment="Order of being told."),
    Column("platform", String(32), nullable=False),
    Column("kind", String(16), nullable=False, comment="product, order or stock"),
    Column("foreign_id", Text, nullable=False, comment="As the platform calls it."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it was told."),
    Index("errands_what", "platform", "kind", "foreign_id", unique=True),
)

stock_items = Table(
    "stock_items",
    metadata,
    Column("platform", String(32), primary_key=True),
    Column("item", Text, primary_key=True, comment="As the platform calls it, apart from the product."),
    Column("product_id", Text, nullable=False),
    Column("oversell", Boolean, nullable=False, comment="Sold when none is left."),
)

stock_levels = Table(
    "stock_levels",
    metadata,
    Column("platform", String(32), primary_key=True),
    Column("item", Text, primary_key=True),
    Column("place", Text, primary_key=True, comment="Where it lies, as the platform calls it."),
    Column("available", BigInteger, nullable=False),
)

tastes = Table(
    "tastes",
    metadata,
    Column("shopper", Text, primary_key=True, comment="The profile that declared it."),
    Column("attribute", Text, primary_key=True),
    Column("liked", JSON, nullable=False, comment="Values of the attribute, a list of text."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it was declared."),
)

event_counts = Table(
    "event_counts",
    metadata,
    Column("month_ms", BigInteger, primary_key=True, autoincrement=False, comment="UTC; when the month began."),
    Column("product_id", Text, primary_key=True),
    Column("kind", SmallInteger, primary_key=True, autoincrement=False, comment="names.KindCode"),
    Column("shoppers", BigInteger, nullable=False, comment="Each once a day, with the strongest thing they did."),
    Column("pieces", BigInteger, nullable=False, comment="Of purchases, without what was given back."),
)

shoppers = Table(
    "shoppers",
    metadata,
    Column("shopper", Text, primary_key=True, comment="The profile that it is said of."),
    Column("name", Text),
    Column("language", Text, comment="BCP 47"),
    Column("country", String(2), comment="ISO 3166-1 alpha-2"),
    Column("birth_year", Integer),
    Column("age_band", String(16), comment="In place of birth_year."),
    Column("email", Text),
    Column("email_opt_in", Boolean),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it was last changed."),
)

consents = Table(
    "consents",
    metadata,
    Column("shopper", Text, primary_key=True, comment="The profile that said so."),
    Column("purpose", String(16), primary_key=True, comment="names.Purpose"),
    Column("given", Boolean, comment="Null: taken back, as if never asked."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it was said."),
    Column("source", Text, comment="Where it was said."),
    Column("revision", _Key, nullable=False, comment="Grows with every word; readers ask for what is newer."),
    Index("consents_revision", "revision"),
)

tellings = Table(
    "tellings",
    metadata,
    Column("shopper", Text, primary_key=True, comment="The profile that it belongs to."),
    Column("told_as", Text, primary_key=True, comment="The name that it was told under."),
    Column("words", JSON, nullable=False, comment="Matter to the last word on it; store/tellings.py."),
    Index("tellings_told_as", "told_as"),
)

photo_vectors = Table(
    "photo_vectors",
    metadata,
    Column("maker", String(32), primary_key=True, comment="Which model looked, as in eye."),
    Column("version", String(64), primary_key=True, comment="Vectors of two versions mean nothing together."),
    Column("product_id", Text, primary_key=True),
    Column("image", Text, primary_key=True, comment="As in products.images; names a content, so a changed one is new."),
    Column("number", _Key, nullable=False, comment="Order of writing; readers ask for what is newer."),
    Column("vector", LargeBinary, nullable=False, comment="float16, little-endian."),
    Index("photo_vectors_number", "number"),
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False, comment="fill: empty. doubt: looks wrong. text: written."),
    Column("product_id", Text, nullable=False),
    Column("attribute", Text, nullable=False),
    Column("value", Text, nullable=False, comment="What is suggested."),
    Column("present", Text, comment="What the product says now."),
    Column("confidence", Float(53), nullable=False),
    Column("maker", String(32), nullable=False),
    Column("version", String(64), nullable=False),
    Column("state", String(16), nullable=False, comment="open, accepted, rejected or withdrawn"),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it was made."),
    Column("decided_ms", BigInteger, comment="UTC"),
    Column("batch", _Key, comment="The decision that it was part of."),
    Column("before", JSON, comment="name and values of what the product said before it was accepted."),
    Column("confirmed", Boolean, nullable=False, server_default=false(), comment="The merchant says so by now, too."),
    Column("facts", JSON, comment="Names of the facts that a text claims; its own for texts alone."),
    Index("suggestions_batch", "batch"),
    Index("suggestions_what", "kind", "product_id", "attribute", "value", unique=True),
    Index("suggestions_order", "state", "confidence", "number"),
)

closet_items = Table(
    "closet_items",
    metadata,
    Column("item_id", _Key, primary_key=True, autoincrement=False),
    Column("shopper", Text, nullable=False, comment="Whose closet it hangs in."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it came in."),
    Column("photo", Text, nullable=False, comment="Name of the photo it was found on."),
    Column("box", JSON, nullable=False, comment="left, top, right, bottom, in pixels of that photo."),
    Column("part", String(32), nullable=False, comment="What of an outfit it is, as in upper."),
    Column("tags", JSON, nullable=False),
    Column("vector", LargeBinary, nullable=False, comment="float16, little-endian."),
    Column("told_as", Text, nullable=False, comment="The name under which it was hung up."),
    Index("closet_items_shopper", "shopper", "time_ms"),
    Index("closet_items_told_as", "told_as"),
)

designs = Table(
    "designs",
    metadata,
    Column("design_id", String(64), primary_key=True),
    Column("shopper", Text, nullable=False, comment="Whose it is; empty where nobody said."),
    Column("told_as", Text, nullable=False, comment="The name under which it was made."),
    Column("product_id", Text, nullable=False),
    Column("template", String(32), nullable=False, comment="The kind of thing, as in mug."),
    Column("made_from", String(16), nullable=False, comment="picture or song"),
    Column("file", String(64), nullable=False, comment="Name of the picture's file in the folder designs/."),
    Column("placement", JSON, nullable=False, comment="fit, scale, x, y, rotate"),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it was made."),
    Index("designs_shopper", "shopper", "time_ms"),
    Index("designs_told_as", "told_as"),
    Index("designs_time_ms", "time_ms"),
)

allowances = Table(
    "allowances",
    metadata,
    Column("name", String(32), primary_key=True, comment="What was asked for."),
    Column("hour", BigInteger, nullable=False, comment="Of the clock, since 1970."),
    Column("taken", BigInteger, nullable=False, comment="How often it was let through in that hour."),
)

closet_pictures = Table(
    "closet_pictures",
    metadata,
    Column("picture_id", String(64), primary_key=True),
    Column("shopper", Text, nullable=False),
    Column("told_as", Text, nullable=False, comment="The name under which it was kept."),
    Column("file", String(64), nullable=False, comment="Name of the picture's file in the folder closet_pictures/."),
    Column("made_by", String(32), nullable=False, comment="The verb that made it; empty for a photo of their own."),
    Column("product_ids", JSON, nullable=False, comment="What is worn on it."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it was kept."),
    Index("closet_pictures_shopper", "shopper", "time_ms"),
    Index("closet_pictures_told_as", "told_as"),
    Index("closet_pictures_time_ms", "time_ms"),
)

shares = Table(
    "shares",
    metadata,
    Column("picture_id", String(64), primary_key=True),
    Column("shopper", Text, nullable=False),
    Column("told_as", Text, nullable=False, comment="The name under which it was shared."),
    Column("file", String(64), nullable=False, comment="Name of the picture's file in the folder shares/."),
    Column("made_by", String(32), nullable=False, comment="The verb that made it; empty for a photo of their own."),
    Column("product_ids", JSON, nullable=False, comment="What is worn on it."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it was shared."),
    Column("token_hash", String(64), nullable=False, comment="SHA-256 of what its link holds."),
    Column("expires_ms", BigInteger, nullable=False, comment="UTC; from then on the link opens nothing."),
    Index("shares_shopper", "shopper", "time_ms"),
    Index("shares_told_as", "told_as"),
    Index("shares_time_ms", "time_ms"),
    Index("shares_token_hash", "token_hash", unique=True),
    Index("shares_expires_ms", "expires_ms"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=False, comment="Order of asking."),
    Column("verb", String(64), nullable=False),
    Column("request", JSON, nullable=False),
    Column("lane", String(64), comment="Jobs of one lane run one after the other."),
    Column("state", String(16), nullable=False, comment="waiting, running, done, failed or cancelled"),
    Column("cancel", Boolean, nullable=False, comment="Somebody wishes it to end."),
    Column("stage", Text, nullable=False, comment="What it is at, as in looking at photos."),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger, comment="NULL: unknown"),
    Column("note", Text, nullable=False),
    Column("answer", JSON(none_as_null=True)),
    Column("error", JSON(none_as_null=True), comment="code, message, seen, allowed, next_step"),
    Column("attempts", Integer, nullable=False, comment="How often a worker took it up."),
    Column("put_off", Integer, nullable=False, server_default="0", comment="Attempts that met what may pass."),
    Column("next_ms", BigInteger, comment="UTC; before that nobody takes it up."),
    Column("worker", Text, comment="Who runs it."),
    Column("lease_ms", BigInteger, comment="UTC; without a word from the worker until then, others take it up."),
    Column("created_ms", BigInteger, nullable=False, comment="UTC"),
    Column("started_ms", BigInteger, comment="UTC; when it was first taken up."),
    Column("ended_ms", BigInteger, comment="UTC"),
    Column("log", JSON(none_as_null=True), comment="What it went through: moment and words of each step, in order."),
    Index("jobs_state", "state", "number"),
)

turns = Table(
    "turns",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it was last taken up."),
)

judgements = Table(
    "judgements",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=False),
    Column("ability", String(32), nullable=False),
    Column("time_ms", BigInteger, nullable=False, comment="UTC"),
    Column("version", Text, nullable=False, comment="Of the challenger, and of what it is served as."),
    Column("served", Boolean, nullable=False, comment="Whether the challenger may take the place."),
    Column("report", JSON, nullable=False),
    Index("judgements_version", "version", unique=True),
)

drift_reports = Table(
    "drift_reports",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=False),
    Column("time_ms", BigInteger, nullable=False, comment="UTC"),
    Column("version", Text, nullable=False, comment="Of the model whose training period it is measured against."),
    Column("report", JSON, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=True, comment="Order of writing."),
    Column("recommendation_id", Text, nullable=False),
    Column("shopper", Text, comment="The profile that asked; null: nobody in particular."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC"),
    Column("placement", String(16), nullable=False),
    Column("strategy", Text, comment="As the request named it."),
    Column("fallback", String(32)),
    Column("model", String(64), nullable=False, comment="Version of the trained model; empty without one."),
    Column("products", JSON, nullable=False, comment="Product ids, the first one first."),
    Column("scores", JSON, nullable=False, comment="In the same order."),
    Column("rules", JSON(none_as_null=True), comment="Saved rule -> places, from 0, of what it moved; null: none."),
    Column("explored", JSON(none_as_null=True), comment="Places given by chance, with the chances; null: none."),
    Index("answers_recommendation_id", "recommendation_id"),
    Index("answers_shopper", "shopper"),
)

experiments = Table(
    "experiments",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=False, comment="Order of being drawn up."),
    Column("name", Text, nullable=False),
    Column("state", String(16), nullable=False, comment="draft, running, stopped or adopted"),
    Column("placements", JSON, nullable=False, comment="Where it is tried; empty: everywhere."),
    Column("variants", JSON, nullable=False, comment="Name, share, strategy, dials; the control first."),
    Column("measure", String(16), nullable=False, comment="experiments.verdict.Gauge"),
    Column("guardrails", JSON, nullable=False, comment="The same of what must not become worse."),
    Column("effect", Float(53), nullable=False, comment="The smallest difference asked about; 0.05: 5%."),
    Column("horizon_days", Integer, nullable=False, comment="Days of a shopper that count."),
    Column("salt", String(64), nullable=False, comment="What divides its shoppers."),
    Column("planned", BigInteger, nullable=False, comment="Shoppers in which the effect shows; 0: no plan."),
    Column("made_ms", BigInteger, nullable=False, comment="UTC"),
    Column("started_ms", BigInteger, comment="UTC"),
    Column("ended_ms", BigInteger, comment="UTC"),
    Column("adopted", Text, comment="The variant that everybody gets."),
    Column("segments", JSON, nullable=False, server_default=text("'[]'"), comment="Who takes part; empty: everybody."),
    Index("experiments_name", "name", unique=True),
)

exposures = Table(
    "exposures",
    metadata,
    Column("experiment", _Key, primary_key=True, autoincrement=False, comment="experiments.number"),
    Column("shopper", Text, primary_key=True, comment="The profile that was given a list of it."),
    Column("variant", SmallInteger, nullable=False, comment="Its place among the variants."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; of the first such list."),
    Index("exposures_shopper", "shopper"),
)

foreign_shoppers = Table(
    "foreign_shoppers",
    metadata,
    Column("system", String(16), primary_key=True, comment="Whose words they are: gorse or personalize."),
    Column("shopper", Text, primary_key=True, comment="The id that the caller uses."),
    Column("record", JSON, nullable=False, comment="What the caller said, word for word."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC"),
)

foreign_products = Table(
    "foreign_products",
    metadata,
    Column("system", String(16), primary_key=True, comment="Whose words they are: gorse or personalize."),
    Column("product_id", Text, primary_key=True),
    Column("record", JSON, nullable=False, comment="What the caller said, word for word."),
    Column("said", JSON, nullable=False, comment="The fields of the product that came of it."),
)

bots = Table(
    "bots",
    metadata,
    Column("shopper", Text, primary_key=True, comment="The profile that does what no person does."),
    Column("rule", String(32), nullable=False, comment="By which it was recognised."),
    Column("seen", Text, nullable=False, comment="What it did, in words."),
    Column("events", BigInteger, nullable=False),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it was found."),
    Column("readmitted", Boolean, nullable=False, comment="The merchant says that it is a person."),
)

connections = Table(
    "connections",
    metadata,
    Column("platform", String(32), primary_key=True),
    Column("address", Text, nullable=False, comment="Of the shop there."),
    Column("cursors", JSON, nullable=False, comment="Of products, orders and pushes: where to go on."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when the last page was stored."),
)

synonyms = Table(
    "synonyms",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=False, comment="Order of being said."),
    Column("about", Text, nullable=False, comment="What the entry is about, one entry each."),
    Column("words", JSON, nullable=False, comment="Phrases, a list of text."),
    Column("means", JSON, nullable=False, comment="What they mean; empty: each other."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it was said."),
    Index("synonyms_about", "about", unique=True),
)

synonym_versions = Table(
    "synonym_versions",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=False, comment="Order of the changes, over all entries."),
    Column("about", Text, nullable=False, comment="What the entry is about."),
    Column("entry", JSON(none_as_null=True), comment="Its words and what they mean from then on; null: taken back."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it was changed."),
    Column("who", Text, nullable=False, comment="Who changed it, as in the audit log."),
    Index("synonym_versions_about", "about", "number"),
)

rule_versions = Table(
    "rule_versions",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=False, comment="Order of the changes, over all rules."),
    Column("rule_id", Text, nullable=False),
    Column("rule", JSON(none_as_null=True), comment="Its fields from then on; null: it was removed."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it was changed."),
    Column("who", Text, nullable=False, comment="Who changed it, as in the audit log."),
    Index("rule_versions_rule_id", "rule_id", "number"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=False, comment="Order of arrival and change."),
    Column("review_id", Text, nullable=False),
    Column("product_id", Text, nullable=False, comment="A product's id, or a group's."),
    Column("shopper", Text, nullable=True, comment="The shop's id, else an e-mail address, where it came along."),
    Column("stars", Float, nullable=True, comment="From 1 to 5."),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(3), nullable=False, comment="ISO 639 where the source says it."),
    Column("time_ms", BigInteger, nullable=True, comment="UTC; when it was written."),
    Column("verified", Boolean, nullable=True),
    Column("published", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    Column("read_by", Text, nullable=True, comment="Which reader made the claims; NULL until one has."),
    Column("claims", JSON, nullable=False, comment="What it says: aspect, polarity, chance, where in the words."),
    Index("reviews_review_id", "review_id", unique=True),
    Index("reviews_product_id", "product_id"),
    Index("reviews_shopper", "shopper"),
)

letters = Table(
    "letters",
    metadata,
    Column("letter_id", String(64), primary_key=True, comment="Stands in the links of the letter."),
    Column("shopper", Text, nullable=False, comment="Whom it was written to."),
    Column("kind", String(16), nullable=False, comment="cart, back, price, again, next or welcome"),
    Column("causes", JSON, nullable=False, comment="What it was written for, none of it twice."),
    Column("products", JSON, nullable=False, comment="Product ids, the first one first."),
    Column("language", String(8), nullable=False),
    Column("way", String(16), nullable=False, comment="smtp or webhook"),
    Column("state", String(16), nullable=False, comment="sending or sent"),
    Column("time_ms", BigInteger, nullable=False, comment="UTC"),
    Index("letters_shopper", "shopper", "time_ms"),
)

product_looks = Table(
    "product_looks",
    metadata,
    Column("product_id", Text, primary_key=True),
    Column("available", Boolean, nullable=False, comment="As of the last look."),
    Column("price_minor", BigInteger),
    Column("currency", String(3)),
    Column("back_ms", BigInteger, comment="UTC; when it was last seen to be available again."),
    Column("dropped_ms", BigInteger, comment="UTC; when its price was last seen to fall, if it has not risen since."),
    Column("before_minor", BigInteger, comment="The price from which it fell."),
)

talks = Table(
    "talks",
    metadata,
    Column("talk_id", String(64), primary_key=True),
    Column("shopper", Text, comment="Whose it is; NULL where nobody said."),
    Column("told_as", Text, comment="The name under which it was begun."),
    Column("owner", String(16), nullable=False, comment="names.Owner"),
    Column("fence", BigInteger, nullable=False, comment="Grows with every change of owner."),
    Column("language", String(8), nullable=False),
    Column("state", JSON, nullable=False, comment="What stands between two turns; empty at the beginning."),
    Column("turns", Integer, nullable=False, comment="Lines of the shopper so far."),
    Column("lines", Integer, nullable=False, comment="Number of the last line."),
    Column("agent", Text, comment="The person who has it, or had it last."),
    Column("why", String(32), comment="For what it waits, as in asked or complaint."),
    Column("opened_ms", BigInteger, nullable=False, comment="UTC"),
    Column("changed_ms", BigInteger, nullable=False, comment="UTC; when its last line came."),
    Column("waiting_ms", BigInteger, comment="UTC; since when it waits for a person."),
    Column(
        "told_fence", BigInteger, nullable=False, comment="The fence at which somebody was last told that it waits."
    ),
    Column("shortened", Boolean, nullable=False, comment="Whether its words are gone."),
    Index("talks_shopper", "shopper", "opened_ms"),
    Index("talks_told_as", "told_as"),
    Index("talks_owner", "owner", "waiting_ms"),
    Index("talks_changed_ms", "changed_ms"),
)

talk_lines = Table(
    "talk_lines",
    metadata,
    Column("talk_id", String(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False, comment="From 1 on, in the order of commits."),
    Column("shopper", Text, comment="Whose talk it is of."),
    Column("turn", Integer, nullable=False, comment="Of the shopper's line that it belongs to; 0 before the first."),
    Column("said_by", String(16), nullable=False, comment="names.LineBy"),
    Column("name", Text, comment="Of the person, where one speaks."),
    Column("text", Text, nullable=False),
    Column("commands", JSON, nullable=False, comment="What it was read as."),
    Column("body", JSON, nullable=False, comment="What goes with it: products, sources, buttons, the new owner."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC"),
    Column("shortened", Boolean, nullable=False, comment="Whether its words are gone."),
    Index("talk_lines_shopper", "shopper"),
    Index("talk_lines_time_ms", "shortened", "time_ms"),
)

mirrored_talks = Table(
    "mirrored_talks",
    metadata,
    Column("platform", String(32), primary_key=True, comment="Where agents see it, as in chatwoot."),
    Column("talk_id", String(64), primary_key=True),
    Column("shopper", Text, comment="Whose talk it is."),
    Column("foreign_id", Text, nullable=False, comment="As the platform calls it; empty until it has a name there."),
    Column("sent", Integer, nullable=False, comment="Number of the last line that went out."),
    Column("fence", BigInteger, nullable=False, comment="Of the owner that the platform was last told."),
    Column("claimed_ms", BigInteger, nullable=False, comment="UTC; until then one process is at it."),
    Index("mirrored_talks_foreign_id", "platform", "foreign_id"),
    Index("mirrored_talks_shopper", "shopper"),
)

agents = Table(
    "agents",
    metadata,
    Column("name", Text, primary_key=True, comment="Of a person who answers shoppers."),
    Column("seen_ms", BigInteger, nullable=False, comment="UTC; when they last looked."),
)

asked_questions = Table(
    "asked_questions",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=False, comment="Order of being asked first."),
    Column("product_id", Text, nullable=False, comment="The product, or the group of its variants."),
    Column("about", Text, nullable=False, comment="What is asked: one row for all wordings of it."),
    Column("key", Text, nullable=False, comment="The key that is asked for; empty where none was understood."),
    Column("wordings", JSON, nullable=False, comment="Some wordings, a list of text; nobody's name is with them."),
    Column("times", Integer, nullable=False),
    Column("first_ms", BigInteger, nullable=False, comment="UTC"),
    Column("last_ms", BigInteger, nullable=False, comment="UTC"),
    Column("answer", Text, comment="What the merchant says; null while nobody has."),
    Column("answered_ms", BigInteger, comment="UTC"),
    Index("asked_questions_about", "product_id", "about", unique=True),
    Index("asked_questions_times", "times", "number"),
)

word_votes = Table(
    "word_votes",
    metadata,
    Column("phrase", Text, primary_key=True, comment="Words that meant nothing in the shop, folded."),
    Column("shopper", Text, primary_key=True),
    Column("day", Integer, primary_key=True, comment="Days since 1970, UTC: a shopper has one vote a day."),
    Column("product_id", Text, nullable=False, comment="What the shopper went on to."),
    Column("beside", Text, nullable=False, comment="The other words of the query, which say what was shown."),
    Column("kind", Integer, nullable=False, comment="Of the event, as in `events`."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC"),
    Index("word_votes_shopper", "shopper"),
)

meanings = Table(
    "meanings",
    metadata,
    Column("number", _Key, primary_key=True, autoincrement=False, comment="Order of being learnt first."),
    Column("phrase", Text, nullable=False, comment="As in `word_votes`."),
    Column("field", Text, nullable=False, comment="An attribute, `brand`, `category`, or `product_id`."),
    Column("value", Text, nullable=False, comment="As the catalogue writes it."),
    Column("chosen", Integer, nullable=False, comment="Votes for products of this value."),
    Column("shown", Integer, nullable=False, comment="Votes in all."),
    Column("shoppers", Integer, nullable=False, comment="How many shoppers cast those in all."),
    Column("usual", Float, nullable=False, comment="The share of this value without the phrase."),
    Column("lower", Float, nullable=False, comment="The share with the phrase, its lower bound."),
    Column("used", Boolean, nullable=False, comment="Whether searches heed it."),
    Column("forgotten", Boolean, nullable=False, comment="Whether the merchant took it back."),
    Column("time_ms", BigInteger, nullable=False, comment="UTC; when it was last worked out."),
    Index("meanings_phrase", "phrase", "field", "value", unique=True),
)
