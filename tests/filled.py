"""Rows for every table of a shop, as a shop that has run for a while holds them, with a word in every free text."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, MetaData, func, insert, select, update

from bottega.names import KeyKind, KindCode

__all__ = ["FIXED", "NOW_MS", "PRODUCT", "SHOPPER", "WORD", "Rows", "filled", "put"]

SHOPPER, PRODUCT, WORD = "s1", "lamps-5", "Größe 38 🧶"
NOW_MS = 1_764_000_000_000
_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

Rows = dict[str, list[dict[str, Any]]]

FIXED = {
    "counters": {"name"},
    "products": {"currency", "availability", "updated_at_ms"},
    "identities": {"space"},
    "model_runs": {"ability", "state"},
    "api_keys": {"digest", "kind", "role"},
    "users": {"role"},
    "sessions": {"digest"},
    "errands": {"kind"},
    "shoppers": {"country", "age_band"},
    "consents": {"purpose"},
    "suggestions": {"kind", "state"},
    "closet_items": {"box"},
    "designs": {"template", "made_from"},
    "shares": {"token_hash"},
    "jobs": {"state"},
    "answers": {"placement", "scores"},
    "experiments": {"state", "placements", "measure", "guardrails"},
    "reviews": {"language"},
    "letters": {"kind", "language", "way", "state"},
    "product_looks": {"currency"},
    "talks": {"owner", "language", "why"},
    "talk_lines": {"said_by"},
}
"""Columns of text that hold one of a few words, or figures: nobody can write a word of their own there."""


def filled(word: str = WORD) -> Rows:
    """Table to its rows. Ids are the same whatever the word is; where an id is a text, a second row has the word."""
    own = f"{word}/7"
    event: dict[str, Any] = {
        "shopper": SHOPPER, "shopper_id": SHOPPER, "anonymous_id": None, "session_id": None, "product_id": PRODUCT,
        "time_ms": NOW_MS, "quantity": 1, "value": None, "query": None, "rating": None, "recommendation_id": None,
        "source": None, "order_id": None, "returned": 0, "claimed_order_id": None, "retold": False, "design_id": None,
    }  # fmt: skip
    events = [
        event | {"seq": 900_001 + code, "event_id": f"e{code}", "kind": int(code), "time_ms": NOW_MS + code}
        for code in KindCode
    ]
    events[KindCode.SEARCH] |= {"query": f"lamp {word}", "product_id": None, "source": f"ga4 {word}"}
    events[KindCode.RATE] |= {"rating": 4.5, "recommendation_id": word}
    events[KindCode.PURCHASE] |= {
        "value": 59.9, "quantity": 2, "returned": 1, "order_id": word, "claimed_order_id": word, "design_id": word,
    }  # fmt: skip
    told = {"shopper": own, "shopper_id": own, "anonymous_id": own, "session_id": own, "product_id": own}
    events.append(event | told | {"seq": 900_020, "event_id": word, "kind": 6, "retold": True})
    key: dict[str, Any] = {
        "created_at_ms": NOW_MS,
        "expires_at_ms": None,
        "used_at_ms": None,
        "per_minute": None,
        "tokens": None,
    }
    key |= {"role": None, "tokens_at_ms": None}
    keys = [
        key | {"label": f"{kind} {word}", "kind": kind.value, "digest": _DIGEST[:-2] + f"{number:02}"}
        for number, kind in enumerate(KeyKind)
    ]
    keys[0] |= {"role": "admin", "per_minute": 600, "tokens": 12.5, "used_at_ms": NOW_MS, "tokens_at_ms": NOW_MS}
    keys += [
        key | {"label": f"reports {word}", "kind": "secret", "role": "read", "digest": _DIGEST[:-2] + "77"},
        key | {"label": f"guest {word}", "kind": "secret", "role": "admin", "digest": _DIGEST[:-2] + "78",
               "expires_at_ms": NOW_MS + 9},
    ]  # fmt: skip
    run = {
        "trained_at_ms": NOW_MS, "seconds": 12.5, "peak_mb": 310.25, "products": 600, "events_seen": 12_000,
        "shoppers": 800, "measures": {"ndcg@10": 0.061, "note": word}, "state": "rolled_back",
        "events_until_ms": NOW_MS,
    }  # fmt: skip
    runs = [
        run | {"number": 9001 + number, "room": room, "ability": ability, "name": f"blend {word}",
               "version": f"20200101T00000{number} {word}", "folder": f"models/{room}/{word}"}
        for number, (room, ability) in enumerate(
            [("recommend", "recommend"), ("vision", "eye"), ("vision", "outfits"), (f"room {word}", "wording")]
        )
    ]  # fmt: skip
    suggestion: dict[str, Any] = {
        "product_id": PRODUCT, "attribute": f"colour {word}", "present": f"rot {word}", "confidence": 0.91,
        "maker": f"eye {word}", "version": f"v3 {word}", "time_ms": NOW_MS, "decided_ms": None, "batch": None,
        "before": None, "confirmed": False, "facts": None,
    }  # fmt: skip
    suggestions = [
        suggestion | {"number": number, "kind": kind, "value": f"blue {word} {number}", "state": state}
        for number, (kind, state) in enumerate(
            [("fill", "open"), ("doubt", "accepted"), ("text", "open"), ("text", "withdrawn"), ("picture", "open")], 1
        )
    ]
    suggestions[1] |= {
        "decided_ms": NOW_MS, "batch": 1, "confirmed": True, "before": {"name": "colour", "values": [f"rot {word}"]},
    }  # fmt: skip
    suggestions[2] |= {"facts": [f"material {word}"]}
    suggestions.append(suggestion | {"number": 9, "kind": "fill", "value": word, "state": "open", "product_id": own})
    product = {
        "position": 9001, "revision": 9001, "id": f"filled {word}", "group_id": f"group {word}",
        "title": f"Lamp {word}", "description": f"Bright {word}.", "brand": f"Nord {word}",
        "category": ["Home", f"Lamps {word}"], "category_path": f"Home > Lamps {word}", "price_minor": 5990,
        "currency": "EUR", "availability": "in_stock", "hidden": False, "images": [f"{word}.jpg"],
        "attributes": {"colour": [word]}, "url": f"https://shop.example/{word}", "updated_at_ms": NOW_MS,
        "source_row": f"feed.csv: row 7 {word}", "words": f"filled lamp {word}",
    }  # fmt: skip
    picture = {"shopper": SHOPPER, "told_as": f"cookie {word}", "time_ms": NOW_MS}
    worn = {"file": f"{word}.jpg", "made_by": f"try_on {word}"[:32], "product_ids": [PRODUCT, own]}
    words = {f"name {word}": {"value": word, "time_ms": NOW_MS, "now": False, "source": None, "told_to": SHOPPER,
                              "place": 1}}  # fmt: skip
    talk = {
        "shopper": SHOPPER, "told_as": f"cookie {word}", "owner": "person", "fence": 3, "language": "de",
        "state": {"wish": word}, "turns": 1, "lines": 1, "agent": f"ben {word}", "why": "asked", "opened_ms": NOW_MS,
        "changed_ms": NOW_MS, "waiting_ms": NOW_MS, "told_fence": 2, "shortened": False,
    }  # fmt: skip
    line = {
        "shopper": SHOPPER, "turn": 1, "said_by": "person", "name": f"ben {word}", "text": f"Hello {word}",
        "commands": [{"say": word}], "body": {"products": [word]}, "time_ms": NOW_MS, "shortened": False,
    }  # fmt: skip
    mirrored = {"shopper": SHOPPER, "foreign_id": f"42 {word}", "sent": 1, "fence": 3, "claimed_ms": NOW_MS}
    job = {
        "verb": "train", "request": {"name": word}, "lane": f"train {word}", "state": "done", "cancel": False,
        "stage": f"fitting {word}", "done": 3, "total": 4, "note": f"half {word}", "answer": {"version": word},
        "error": None, "attempts": 2, "put_off": 1, "next_ms": NOW_MS, "worker": f"host {word}", "lease_ms": NOW_MS,
        "created_ms": NOW_MS, "started_ms": NOW_MS, "ended_ms": NOW_MS, "log": [[NOW_MS, f"fitting {word}"]],
    }  # fmt: skip
    error = {"code": "x", "message": word, "seen": word, "allowed": word, "next_step": word}
    refused = {"state": "failed", "verb": f"tag {word}", "answer": None, "error": error}
    return {
        "products": [product],
        "events": events,
        "identities": [
            {"space": "anonymous", "id": word, "shopper_id": word, "time_ms": NOW_MS, "revision": 4},
            {"space": "session", "id": f"session {word}", "shopper_id": SHOPPER, "time_ms": NOW_MS, "revision": 5},
        ],
        "model_runs": runs,
        "api_keys": keys,
        "users": [{"name": f"eva {word}", "password": f"$argon2id$ {word}", "role": "manage", "created_at_ms": NOW_MS}],
        "sessions": [{"digest": _DIGEST, "user_name": f"eva {word}", "made_at_ms": NOW_MS, "seen_at_ms": NOW_MS}],
        "audit": [
            {"number": 9001, "at_ms": NOW_MS, "by": f"key {word}"[:16], "who": f"shop {word}", "verb": f"tag {word}",
             "what": f"label {word}", "request_id": f"r-{word}"},
        ],
        "secrets": [
            {"number": 1, "purpose": f"shopify-webhook {word}", "sealed": f"gAAAA {word}", "created_at_ms": NOW_MS},
        ],
        "deliveries": [{"platform": f"shopify {word}", "delivery": f"d-1 {word}", "time_ms": NOW_MS}],
        "errands": [
            {"number": 1, "platform": f"shopify {word}", "kind": "product", "foreign_id": word, "time_ms": NOW_MS},
        ],
        "stock_items": [
            {"platform": f"shopify {word}", "item": f"i1 {word}", "product_id": f"mug {word}", "oversell": True},
        ],
        "stock_levels": [
            {"platform": f"shopify {word}", "item": f"i1 {word}", "place": f"shelf {word}", "available": 12},
        ],
        "tastes": [{"shopper": one, "attribute": f"brand {word}", "liked": [word], "time_ms": NOW_MS}
                   for one in (SHOPPER, own)],
        "event_counts": [
            {"month_ms": NOW_MS, "product_id": one, "kind": 6, "shoppers": 14, "pieces": 17} for one in (PRODUCT, own)
        ],
        "shoppers": [
            {"shopper": SHOPPER, "name": f"Anna {word}", "language": f"de {word}", "country": "DE", "birth_year": 1988,
             "age_band": None, "email": f"{word}@b.example", "email_opt_in": True, "time_ms": NOW_MS},
            {"shopper": own, "name": None, "language": None, "country": None, "birth_year": None,
             "age_band": "25-34", "email": None, "email_opt_in": None, "time_ms": NOW_MS},
        ],
        "consents": [
            {"shopper": SHOPPER, "purpose": "personalisation", "given": True, "time_ms": NOW_MS,
             "source": f"page {word}", "revision": 1},
            {"shopper": own, "purpose": "analytics", "given": False, "time_ms": NOW_MS, "source": None, "revision": 2},
        ],
        "tellings": [
            {"shopper": SHOPPER, "told_as": f"cookie {word}", "words": words},
            {"shopper": own, "told_as": own, "words": words},
        ],
        "photo_vectors": [
            {"maker": f"filled {word}"[:32], "version": f"v3 {word}", "product_id": one, "image": f"{word}.jpg",
             "number": 9001, "vector": b"\x00<\x00B" + word.encode()} for one in (PRODUCT, own)
        ],
        "suggestions": suggestions,
        "closet_items": [
            {
                "item_id": number, "shopper": one, "told_as": told_as, "time_ms": NOW_MS, "photo": f"{word}.jpg",
                "box": [1, 2, 30, 40], "part": f"upper {word}"[:32], "vector": 2 * word.encode(),
                "tags": {"eye": word, "slot": word, "attributes": {}, "colours": []},
            }
            for number, one, told_as in ((1, SHOPPER, f"cookie {word}"), (2, own, own))
        ],
        "designs": [
            picture | {"design_id": one, "shopper": who, "product_id": what, "template": "mug",
                       "made_from": "picture", "file": f"{word}.png", "placement": {"fit": "cover", "text": word}}
            for one, who, what in (("1", SHOPPER, PRODUCT), (word, own, own))
        ],
        "allowances": [{"name": f"try_on {word}"[:32], "hour": 490_000, "taken": 7}],
        "closet_pictures": [
            picture | worn | {"picture_id": one, "shopper": who} for one, who in (("1", SHOPPER), (word, own))
        ],
        "shares": [
            picture | worn | {"picture_id": one, "shopper": who, "token_hash": _DIGEST[:-1] + one[0],
                              "expires_ms": NOW_MS} for one, who in (("1", SHOPPER), (word, own))
        ],
        "jobs": [job | {"number": 1}, job | refused | {"number": 2}],
        "turns": [{"name": f"night {word}", "time_ms": NOW_MS}],
        "judgements": [
            {"number": 9001, "ability": f"eye {word}"[:32], "time_ms": NOW_MS, "version": word, "served": True,
             "report": {"why": word}},
        ],
        "drift_reports": [
            {"number": 9001, "time_ms": NOW_MS, "version": word,
             "report": {"time_ms": NOW_MS, "version": word, "new_events": 5, "inputs": [
                 {"input": word, "before": 0.5, "now": 0.25, "psi": 0.1, "alarm": False}]}},
        ],
        "answers": [
            {"number": 9001, "recommendation_id": f"r-9 {word}", "shopper": one, "time_ms": NOW_MS,
             "placement": "home", "strategy": f"blend {word}", "fallback": f"popular {word}"[:32],
             "model": f"v3 {word}", "products": [PRODUCT, own], "scores": [0.5, 0.25],
             "rules": {word: [0]},
             "explored": [{"rank": 1, "product_ids": [PRODUCT, own], "scores": [0.5, 0.2], "propensities": [0.5, 0.5]}]}
            for one in (own,)
        ],
        "experiments": [
            {"number": 9001, "name": f"variety {word}", "state": "adopted", "placements": ["home"],
             "variants": [{"name": "A", "share": 0.5, "strategy": None, "dials": {}},
                          {"name": word, "share": 0.5, "strategy": None, "dials": {"diversity": 0.7}}],
             "measure": "revenue", "guardrails": ["buyers"], "effect": 0.05, "horizon_days": 7, "salt": f"9f {word}",
             "planned": 90_000, "made_ms": NOW_MS, "started_ms": NOW_MS, "ended_ms": NOW_MS, "adopted": word,
             "segments": [f"brand:{word}"]}
        ],
        "exposures": [
            {"experiment": 9001, "shopper": one, "variant": 1, "time_ms": NOW_MS} for one in (SHOPPER, own)
        ],
        "foreign_shoppers": [
            {"system": f"gorse {word}"[:16], "shopper": one, "record": {"Comment": word}, "time_ms": NOW_MS}
            for one in (SHOPPER, own)
        ],
        "foreign_products": [
            {"system": f"gorse {word}"[:16], "product_id": one, "record": {"Comment": word}, "said": {"title": word}}
            for one in (PRODUCT, own)
        ],
        "bots": [
            {"shopper": own, "rule": f"too fast {word}"[:32], "seen": f"900 events {word}", "events": 900,
             "time_ms": NOW_MS, "readmitted": True},
        ],
        "connections": [
            {"platform": f"shopify {word}", "address": f"https://{word}.example", "cursors": {"products": word},
             "time_ms": NOW_MS},
        ],
        "synonyms": [{"number": 2, "about": f"lamp {word}", "words": [word], "means": [word], "time_ms": NOW_MS}],
        "synonym_versions": [
            {"number": number, "about": f"lamp {word}", "entry": {"words": [word], "means": [means]},
             "time_ms": NOW_MS, "who": f"Mia {word}"} for number, means in ((1, f"old {word}"), (2, word))
        ],
        "rule_versions": [
            {"number": 9001, "rule_id": word, "rule": {"id": word, "name": word, "kind": "pin", "product_ids": [word]},
             "time_ms": NOW_MS, "who": f"Mia {word}"}
        ],
        "reviews": [
            {"number": 9001, "review_id": f"v-1 {word}", "product_id": PRODUCT, "shopper": SHOPPER, "stars": 4.5,
             "title": f"Good {word}", "text": f"Lovely {word}.", "language": "eng", "time_ms": NOW_MS,
             "verified": True, "published": True, "source": f"yotpo {word}", "read_by": f"reader {word}",
             "claims": [{"aspect": word}]},
            {"number": 9002, "review_id": word, "product_id": own, "shopper": own, "stars": None, "title": "",
             "text": word, "language": "", "time_ms": None, "verified": None, "published": False, "source": word,
             "read_by": None, "claims": []},
        ],
        "letters": [
            {"letter_id": one, "shopper": who, "kind": "cart", "causes": [word], "products": [word], "language": "de",
             "way": "smtp", "state": "sent", "time_ms": NOW_MS} for one, who in (("1", SHOPPER), (word, own))
        ],
        "product_looks": [
            {"product_id": one, "available": True, "price_minor": 5990, "currency": "EUR", "back_ms": NOW_MS,
             "dropped_ms": NOW_MS, "before_minor": 6990} for one in (PRODUCT, own)
        ],
        "talks": [talk | {"talk_id": "1"}, talk | {"talk_id": word, "shopper": own, "owner": "closed"}],
        "talk_lines": [line | {"talk_id": "1", "number": 1}, line | {"talk_id": word, "shopper": own, "number": 1}],
        "mirrored_talks": [
            mirrored | {"platform": f"chatwoot {word}", "talk_id": "1"},
            mirrored | {"platform": f"chatwoot {word}", "talk_id": word, "shopper": own},
        ],
        "agents": [{"name": f"ben {word}", "seen_ms": NOW_MS}],
        "asked_questions": [
            {"number": 1, "product_id": one, "about": f"colour {word}", "key": f"colour {word}", "wordings": [word],
             "times": 4, "first_ms": NOW_MS, "last_ms": NOW_MS, "answer": f"Red {word}", "answered_ms": NOW_MS}
            | {"number": number} for number, one in ((1, PRODUCT), (2, own))
        ],
        "word_votes": [
            {"phrase": f"zarflig {word}", "shopper": who, "day": 20_000, "product_id": one, "beside": f"lamp {word}",
             "kind": 6, "time_ms": NOW_MS} for who, one in ((SHOPPER, PRODUCT), (own, own))
        ],
        "meanings": [
            {"number": 1, "phrase": f"zarflig {word}", "field": f"brand {word}", "value": f"Nord {word}", "chosen": 9,
             "shown": 12, "shoppers": 8, "usual": 0.125, "lower": 0.5, "used": True, "forgotten": True,
             "time_ms": NOW_MS},
        ],
    }  # fmt: skip


def put(connection: Connection, rows: Rows, tables: MetaData | None = None) -> None:
    """Insert the rows into whatever tables and columns there are, `tables` where they are known; counters follow."""
    there = tables or MetaData()
    if tables is None:
        there.reflect(connection)
    for name, some in rows.items():
        if (table := there.tables.get(name)) is not None:
            for row in some:  # without what is null, which JSON would write as a word
                known = {column: value for column, value in row.items() if column in table.c and value is not None}
                connection.execute(insert(table).values(known))
    counters = there.tables["counters"]
    for counter, (name, column) in _COUNTED.items():
        if (table := there.tables.get(name)) is not None and column in table.c:
            last = select(func.coalesce(func.max(table.c[column]), 0)).scalar_subquery()
            connection.execute(update(counters).where(counters.c.name == counter).values(value=last))


_COUNTED = {
    "events": ("events", "seq"), "positions": ("products", "position"), "revisions": ("products", "revision"),
    "model_runs": ("model_runs", "number"), "photo_vectors": ("photo_vectors", "number"),
    "suggestions": ("suggestions", "number"), "closet_items": ("closet_items", "item_id"), "jobs": ("jobs", "number"),
    "identities": ("identities", "revision"), "consents": ("consents", "revision"),
    "judgements": ("judgements", "number"), "drift_reports": ("drift_reports", "number"),
    "secrets": ("secrets", "number"), "errands": ("errands", "number"), "synonyms": ("synonyms", "number"),
    "experiments": ("experiments", "number"), "rules": ("rule_versions", "number"), "reviews": ("reviews", "number"),
    "batches": ("suggestions", "batch"), "audit": ("audit", "number"),
    "asked_questions": ("asked_questions", "number"), "meanings": ("meanings", "number"),
}  # fmt: skip
