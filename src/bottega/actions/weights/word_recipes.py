"""The recipes of what reads words without an encoder of others: reviews, and lines of talks."""

from __future__ import annotations

from pathlib import Path

from bottega.actions.weights.order import Order, Recipe
from bottega.models.blocks.other_encoders import encoder_called
from bottega.models.blocks.text_encoder import NgramEncoder
from bottega.models.dialogue.matching import Matcher
from bottega.models.dialogue.matching_recipe import make_matcher
from bottega.models.dialogue.reader_recipe import make_talk_heads
from bottega.models.dialogue.talk_heads import TalkHeads
from bottega.models.dialogue.word_meanings import WordMeanings, make_word_meanings
from bottega.models.wording.sentiment import SentimentHeads
from bottega.models.wording.sentiment_recipe import make_heads
from bottega.progress import Progress

__all__ = ["WORDS"]


def _sentiment(order: Order, folder: Path, progress: Progress) -> None:
    """From sentences of our own alone; neither seed nor seconds change anything."""
    del order, progress
    make_heads(folder, NgramEncoder())


def _reader(order: Order, folder: Path, progress: Progress) -> None:
    """From patterns of our own and public questions; neither seed nor seconds change anything."""
    del progress
    make_talk_heads(folder, NgramEncoder(), public=order.data / "conversation")


def _matcher(order: Order, folder: Path, progress: Progress) -> None:
    """From public questions; neither seed nor seconds change anything."""
    del progress
    make_matcher(folder, order.data / "conversation")


def _meanings(order: Order, folder: Path, progress: Progress) -> None:
    """From the encoder of `bottega[meaning]`, which has to be installed for it."""
    del order, progress
    make_word_meanings(folder, encoder_called("meaning"))


WORDS = {
    "sentiment-floor": Recipe(_sentiment, SentimentHeads.load, "wording"),
    "word-meanings": Recipe(_meanings, WordMeanings.load, "dialogue"),
    "reader-floor": Recipe(_reader, TalkHeads.load, "dialogue"),
    "matcher": Recipe(_matcher, Matcher.load, "dialogue"),
}
