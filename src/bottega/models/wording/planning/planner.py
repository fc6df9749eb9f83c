"""A planner in use: how probable a next sentence is, and plans drawn, in numpy alone. Who writes loads no torch.

Idea     The writer asks which of several sentences that it could write is the likeliest next, given what the product
         has and what was said so far. A sentence is the numbers of its keys and the end behind it, so that a short one
         is no likelier for being short.
Costs    Some .3 ms for twenty sentences; the weights are 150 kB on disk.
Shapes   N sentences, V numbers, D width, X what a step reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np

from bottega.models.blocks.arrays_io import load_arrays, save_arrays, tuples
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.wording.planning.plans import (
    ID_NAMES,
    LABEL,
    LONGEST,
    MARKS,
    PLAN_KEYS,
    SENTENCE,
    STOP,
    PlanQuestion,
    PlanRole,
)
from bottega.names import FloatArray

__all__ = ["PlanSoFar", "Planner", "PlannerConfig", "shipped_planner"]

NAME = "plans"
_ROLES = tuple(PlanRole)
_K = len(PLAN_KEYS)
_NEVER = -1e9


@dataclass(frozen=True)
class PlannerConfig:
    """What a saved planner tells apart, and whether it was learnt for these very numbers."""

    kinds: tuple[str, ...]
    names: tuple[str, ...] = ID_NAMES
    languages: tuple[str, ...] = ("en",)
    """Of the texts that it was learnt from: the order of words is one of a language."""


@dataclass(frozen=True, slots=True)
class PlanSoFar:
    """Where a plan stands: the state of the network, scores of the next number, and the keys that are unsaid."""

    question: PlanQuestion
    condition_C: FloatArray
    state_D: FloatArray
    scores_V: FloatArray
    left_K: FloatArray
    numbers: tuple[int, ...] = ()


class Planner:
    """The weights, as `PlanNetwork` names them."""

    def __init__(self, config: PlannerConfig, weights: dict[str, FloatArray]) -> None:
        self.config = config
        self.weights = weights
        self._kind = {kind: place + 1 for place, kind in enumerate(config.kinds)}
        self._numbers_XV = weights["numbers.weight"].T.copy()
        self._in_XD = weights["cell.weight_ih_l0"].T.copy()
        self._again_DD = weights["cell.weight_hh_l0"].T.copy()
        self._out_DV = weights["out.weight"].T.copy()

    def save(self, folder: Path) -> None:
        """Write the weights as half-precision numbers into an existing folder."""
        arrays = {name: value.astype(np.float16) for name, value in self.weights.items()}
        save_arrays(folder, model=NAME, config=self.config, arrays=arrays, packed=True)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """What `save` wrote. Raises `ModelFileBroken`."""
        saved = load_arrays(folder, model=NAME)
        config = PlannerConfig(**tuples(saved.config))
        return cls(config, {name: value.astype(np.float32) for name, value in saved.arrays.items()})

    @property
    def fits(self) -> bool:
        """Whether its numbers stand for what numbers of plans stand for now."""
        return self.config.names == ID_NAMES

    def begin(self, question: PlanQuestion) -> PlanSoFar:
        """A plan of which nothing is said yet."""
        weights = self.weights
        asked = np.zeros(_K + len(_ROLES), dtype=np.float32)
        asked[[number - len(MARKS) for number in question.keys]] = 1
        asked[_K + _ROLES.index(question.role)] = 1
        condition_C = np.tanh(
            weights["asked.weight"] @ asked
            + weights["asked.bias"]
            + weights["kinds.weight"][self._kind.get(question.kind, 0)]
        )
        state_D = np.tanh(weights["start.weight"] @ condition_C + weights["start.bias"])
        said = PlanSoFar(question, condition_C, state_D, np.zeros(0, dtype=np.float32), asked[:_K])
        states, scores = self._stepped(
            said, np.zeros((1, len(ID_NAMES)), dtype=np.float32), state_D[None], asked[None, :_K]
        )
        return replace(said, state_D=states[0], scores_V=scores[0])

    def after(self, said: PlanSoFar, numbers: Sequence[int]) -> PlanSoFar:
        """The plan with more numbers said."""
        for number in numbers:
            before_1V = np.zeros((1, len(ID_NAMES)), dtype=np.float32)
            before_1V[0, number] = 1
            left_K = said.left_K.copy()
            if number >= len(MARKS):
                left_K[number - len(MARKS)] = 0
            states, scores = self._stepped(said, before_1V, said.state_D[None], left_K[None])
            said = replace(said, state_D=states[0], scores_V=scores[0], left_K=left_K, numbers=(*said.numbers, number))
        return said

    def log_chances(self, said: PlanSoFar, sentences: Sequence[Sequence[int]]) -> FloatArray:
        """The logarithm of the chance of each of these going on next, and ending there [N]."""
        n, longest = len(sentences), max(map(len, sentences), default=0)
        states_ND = np.repeat(said.state_D[None], n, axis=0)
        left_NK = np.repeat(said.left_K[None], n, axis=0)
        logs_NV = np.repeat(self._logs(said.scores_V[None], said.question), n, axis=0)
        found_N = np.zeros(n, dtype=np.float32)
        ends = [STOP] if said.question.role is PlanRole.TITLE else [STOP, SENTENCE, LABEL]
        for place in range(longest + 1):
            before_NV = np.zeros((n, len(ID_NAMES)), dtype=np.float32)
            for row, sentence in enumerate(sentences):
                if place < len(sentence):
                    number = sentence[place]
                    found_N[row] += max(float(logs_NV[row, number]), _NEVER)
                    before_NV[row, number] = 1
                    if number >= len(MARKS):
                        left_NK[row, number - len(MARKS)] = 0
                elif place == len(sentence):
                    found_N[row] += float(np.logaddexp.reduce(logs_NV[row, ends]))
            if place < longest:
                states_ND, scores_NV = self._stepped(said, before_NV, states_ND, left_NK)
                logs_NV = self._logs(scores_NV, said.question)
        return found_N

    def draw(self, question: PlanQuestion, rng: np.random.Generator, *, temperature: float = 1.0) -> tuple[int, ...]:
        """A plan by chance, of what the product has facts for alone."""
        said = self.begin(question)
        while len(said.numbers) < LONGEST:
            logs_V = self._logs(said.scores_V[None] / np.float32(temperature), question)[0]
            chances_V = np.exp(logs_V.astype(np.float64))
            number = int(rng.choice(len(chances_V), p=chances_V / chances_V.sum()))
            said = self.after(said, [number])
            if number == STOP:
                break
        return said.numbers

    def _logs(self, scores_NV: FloatArray, question: PlanQuestion) -> FloatArray:
        """Logarithms of chances [N, V]; what the product has no fact for has none."""
        forbidden = np.full(scores_NV.shape[1], _NEVER, dtype=np.float32)
        forbidden[list(question.allowed())] = 0
        scores_NV = scores_NV + forbidden
        scores_NV = scores_NV - scores_NV.max(axis=1, keepdims=True)
        logs_NV: FloatArray = scores_NV - np.log(np.exp(scores_NV).sum(axis=1, keepdims=True))
        return logs_NV

    def _stepped(
        self, said: PlanSoFar, before_NV: FloatArray, states_ND: FloatArray, left_NK: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """New states [N, D] and scores of the next number [N, V]."""
        weights, width = self.weights, states_ND.shape[1]
        read_NX = np.concatenate(
            [before_NV @ self._numbers_XV, np.repeat(said.condition_C[None], len(before_NV), axis=0), left_NK], axis=1
        )
        read = read_NX @ self._in_XD + weights["cell.bias_ih_l0"]
        again = states_ND @ self._again_DD + weights["cell.bias_hh_l0"]
        reset = 1 / (1 + np.exp(-(read[:, :width] + again[:, :width])))
        keep = 1 / (1 + np.exp(-(read[:, width : 2 * width] + again[:, width : 2 * width])))
        new = np.tanh(read[:, 2 * width :] + reset * again[:, 2 * width :])
        states_ND = (1 - keep) * new + keep * states_ND
        return states_ND, states_ND @ self._out_DV + weights["out.bias"]


@cache
def shipped_planner(language: str) -> Planner | None:
    """The planner that comes along, for a language whose texts it was learnt from."""
    folder = shipped_folder("wording", NAME)
    if not (folder / "arrays.npz").is_file():
        return None
    planner = Planner.load(folder)
    return planner if planner.fits and language in planner.config.languages else None
