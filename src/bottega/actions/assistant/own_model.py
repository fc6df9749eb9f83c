"""A language model of the merchant's own in talks, off unless the setting `talks_model` names what it does.

Idea     It is asked for words and never for deeds: it has no tools, and sees no shopper, no history and no
         more of the shop than the sentences or the line before it. What it answers is a stranger's, held against what
         was sent (own_words.py, own_reading.py). Who fails, or is late, is as if not there.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import structlog

from bottega.errors import LanguageModelFailed, SettingsInvalid

if TYPE_CHECKING:
    from bottega.shop.open_shop import OpenShop

__all__ = ["ask_own_model"]

log = structlog.get_logger("bottega")


def ask_own_model(
    shop: OpenShop,
    use: Literal["rephrase", "read"],
    order: str,
    sent: dict[str, Any],
    *,
    temperature: float,
    tokens: int,
) -> str | None:
    """What the model says to `sent`, as JSON behind its `order`; None where it is not to be asked, or fails."""
    if use not in shop.settings.talks_model or shop.talks_model_rest.rests:
        return None
    from bottega.actions.wording.rephrase import language_model_at

    messages = [
        {"role": "system", "content": order},
        {"role": "user", "content": json.dumps(sent, ensure_ascii=False)},
    ]
    try:
        model = language_model_at(shop)
        if model is None:
            return None
        model = replace(model, timeout_s=shop.settings.talks_model_timeout_s, tries=1)
        said = model.answer(messages, temperature=temperature, tokens=tokens)
    except (LanguageModelFailed, SettingsInvalid) as failed:
        shop.talks_model_rest.failed()
        log.warning("the talk goes on without the language model", use=use, why=str(failed))
        return None
    shop.talks_model_rest.worked()
    return said
