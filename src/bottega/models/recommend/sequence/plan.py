"""Settings that all sequence models share, and what they come to in a shop of a given size.

The plan (how wide, how many passes, against what) follows from the size of the data, never from the clock, so that one
seed gives one model on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Plan", "SequenceConfig", "plan_for"]

OPERATIONS_A_SECOND = 1.45e11
"""What two such cores manage in training: 12 epochs of Amazon Beauty with attention take about 130 s."""
FEWEST_EPOCHS = 3
"""Where the budget has fewer passes with the whole catalogue scored, a sample is scored instead."""


@dataclass(frozen=True, slots=True)
class SequenceConfig:
    """Settings of every `SequenceModel`."""

    width: int = 128
    """Length of product vectors; halved above `full_softmax_items` products, to save memory, and at most 64 for
    fewer than `small_items`, which need no more."""
    small_items: int = 2000
    """See `width`."""
    max_length: int = 50
    """Longest stretch of a history that is learnt from."""
    dropout: float = 0.2
    """Share of entries dropped inside blocks while learning."""
    embedding_dropout: float = 0.5
    """Share of entries of input vectors dropped while learning."""
    temperature: float = 0.1
    """Cosines are divided by this."""
    attributes: bool = True
    """Whether products are also their attributes."""
    text: bool = False
    """Whether products are also the words of their texts."""
    vectors: bool = True
    """Whether products are also the vectors that `Features.vectors` has of them."""
    gaps: bool = False
    """Whether the time since the event before is an input; times below a second count as unknown."""
    epochs: int = 12
    """Most passes over the events."""
    learning_rate: float = 1e-3
    """Highest step size."""
    weight_decay: float = 0.01
    """Pull of weights towards zero."""
    batch_tokens: int = 1024
    """Events a step."""
    patience: int = 3
    """Epochs without a better NDCG@10 on the holdout before training stops."""
    judged_shoppers: int = 2000
    """Most holdout shoppers judged an epoch."""
    full_softmax_items: int = 100_000
    """Up to this many products the whole catalogue is scored in every step, where the budget allows."""
    sampled_items: int = 4096
    """Uniform negatives a step above that."""
    budget_s: float = 150.0
    """Seconds training may take on two cores like those of benchmarks/ranking.md. Where all epochs would take longer,
    fewer steps are planned: from the size of the data, never from the clock, so that one seed gives one model."""

    def event_operations(self, width: int) -> int:
        """Arithmetic operations that learning from one event takes, scores aside."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Plan:
    """`width` of the vectors, whether a `sampled` part of the catalogue is scored, `epochs` that the budget allows."""

    width: int
    sampled: bool
    epochs: float


def plan_for(config: SequenceConfig, *, events: int, n_items: int, always_sampled: bool = False) -> Plan:
    """The plan for learning from so many `events` on a catalogue of `n_items`."""
    width = config.width // 2 if n_items > config.full_softmax_items else config.width
    width = min(width, 64) if n_items < config.small_items else width
    epochs = _affordable(config, events, width, n_items)
    sampled = n_items > config.full_softmax_items or epochs < min(FEWEST_EPOCHS, config.epochs) or always_sampled
    if sampled:
        epochs = _affordable(config, events, width, min(config.sampled_items, n_items))
    return Plan(width, sampled, min(epochs, float(config.epochs)))


def _affordable(config: SequenceConfig, events: int, width: int, scored_items: int) -> float:
    """Passes over so many events that fit into the budget, each event scored against `scored_items`.

    Learning takes three products with the items, at two operations a multiplication.
    """
    an_event = 6 * width * scored_items + config.event_operations(width)
    return config.budget_s * OPERATIONS_A_SECOND / max(1, events * an_event)
