"""Semantic ids: which codes, coarse to fine, does the shopper's next product have?

Idea     Each product gets a tuple of codes by quantising what it is and with whom it is bought. A causal transformer
         reads a history, and the next product is decoded code by code along a tree of the codes that products have.
         Each step is a softmax over a node's children instead of the whole catalogue. A new product gets its codes from
         its content, joins the tree at once, and is made of code vectors that other products have taught.
Source   Rajput et al. 2023 (TIGER), https://arxiv.org/abs/2305.05065, section 3; alignment of codes with behaviour:
         Wang et al. 2024 (LETTER), https://arxiv.org/abs/2405.07314.
Differs  One input a product (the sum of its codes' vectors) instead of one a code; prefixes have vectors of their own,
         so the decoder is one matrix a level and can be exact; balanced k-means: benchmarks/semantic_ids.md.
Serves   Known shoppers; new products by their content (`extend`). An empty history gets no scores.
Costs    Training: an encoder like that of next_item, and events x codes x width x 6 a level. Memory: about 40 bytes x
         products x width. Answer: about as long as next_item, exactly; less with a beam on large catalogues.
Shapes   I items, M new items, L semantic levels, G = L + 1 levels, D width, N events of a batch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.errors import SettingsInvalid
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.attention import CausalBlock
from bottega.models.blocks.checkpoint import load_state
from bottega.models.blocks.device import device_of
from bottega.models.blocks.quantise import Codebooks, fit_rqvae, residual_kmeans
from bottega.models.blocks.sparse_product import SparseRows
from bottega.models.recommend.semantic.decode import Branch, Step, item_scores
from bottega.models.recommend.semantic.mix import Mixer
from bottega.models.recommend.semantic.network import SemanticItems, SemanticNetwork, choice_loss
from bottega.models.recommend.semantic.trie import Trie
from bottega.models.recommend.semantic.vectors import SemanticVectors
from bottega.models.recommend.sequence.inputs import Batch
from bottega.models.recommend.sequence.item_properties import ItemProperties
from bottega.models.recommend.sequence.losses import Points
from bottega.models.recommend.sequence.model import SequenceModel
from bottega.models.recommend.sequence.plan import Plan, SequenceConfig
from bottega.names import IntArray, LongArray
from bottega.progress import Progress, silent

__all__ = ["SemanticIds", "SemanticIdsConfig"]


@dataclass(frozen=True, slots=True)
class SemanticIdsConfig(SequenceConfig):
    """Settings of `SemanticIds`."""

    levels: int = 3
    """Codes of a product, not counting the last one that tells products with the same codes apart."""
    codes: int = 128
    """Different codes a level; at most an eighth of the products."""
    quantiser: str = "kmeans"
    """How codes are learnt: "kmeans" (balanced, residual) or "rqvae"."""
    vector_size: int = 64
    """Dimensions of content, and as many of company, that are quantised."""
    alignment: float = 0.7
    """Share of company (who stands near whom in histories) in what is quantised; 0 is content alone."""
    prefix_vectors: bool = True
    """Whether a prefix has a vector of its own beside those of its codes."""
    prefix_dropout: float = 0.1
    """Share of prefix vectors left out of each step, so that codes learn to do without."""
    beam: int = 0
    """Prefixes kept a level; 0 scores every product exactly."""
    blocks: int = 2
    """Attention blocks."""
    heads: int = 2
    """Attention heads a block."""
    epochs: int = 11
    """Most passes over the events."""
    batch_tokens: int = 2048
    """Events a step; fewer steps than next_item's, because each remakes the directions of all nodes."""

    def event_operations(self, width: int) -> int:
        """As next_item's blocks, and three products with the children at each level."""
        return 72 * width**2 * self.blocks + 6 * width * self.codes * self.levels


class SemanticIds(SequenceModel[SemanticIdsConfig]):
    """An autoregressive decoder over codes; `codes_` [I, L], `trie_` of those learnt from. `SemanticIdsConfig`."""

    name: ClassVar[str] = "semantic_ids"
    config_class: ClassVar[type[SemanticIdsConfig]] = SemanticIdsConfig
    network_: SemanticNetwork

    def fit(
        self,
        histories: Histories,
        features: Features,
        *,
        rng: np.random.Generator,
        holdout: Holdout | None = None,
        device: str = "auto",
        progress: Progress = silent,
    ) -> Self:
        """Give every item its codes, then learn from histories; the epoch best on the holdout is kept."""
        config = self.config
        device_of(device)  # whoever asks for a card that is not there hears of it before anything is counted
        learners: dict[str, Callable[..., tuple[Codebooks, IntArray]]] = {
            "kmeans": residual_kmeans,
            "rqvae": partial(fit_rqvae, device=device),
        }
        if config.quantiser not in learners:
            raise SettingsInvalid(
                f"The quantiser of semantic_ids is {config.quantiser!r}.",
                allowed=f"It is one of {', '.join(learners)}.",
                next_step="Use one of these.",
            )
        self.maker_, vectors_ID = SemanticVectors.fit(
            histories, features, size=config.vector_size, alignment=config.alignment, rng=rng
        )
        n_codes = max(2, min(config.codes, histories.n_items // 8))
        self.codebooks_, self.codes_ = learners[config.quantiser](
            vectors_ID, levels=config.levels, codes=n_codes, rng=rng, progress=progress
        )
        return super().fit(histories, features, rng=rng, holdout=holdout, device=device, progress=progress)

    def _encoder(self, width: int) -> nn.Module:
        config = self.config
        block = [
            CausalBlock(width, config.heads, max_length=config.max_length, dropout=config.dropout)
            for _ in range(config.blocks)
        ]
        return nn.Sequential(*block)

    def _properties(self, features: Features) -> ItemProperties:
        config = self.config
        return ItemProperties.of(features, attributes=config.attributes, text=config.text, vectors=False)

    def _build(self, width: int, *, sparse_gradients: bool = False) -> None:
        config = self.config
        learnt = slice(self.n_trained_)
        attributes = self.properties_.take(learnt).weights
        self.trie_ = Trie.of(self.codes_[learnt])
        n_codes = len(self.codebooks_.centres[0])
        self.mixer_ = Mixer(self.trie_, attributes, codes=n_codes, prefix_vectors=config.prefix_vectors)
        self.choices_ = [self.mixer_.choice(number) for number in range(len(self.trie_.levels))]
        self.network_ = SemanticNetwork(
            SemanticItems(SparseRows(self.mixer_.items(self.codes_[learnt], self.trie_.nodes(), attributes)), width),
            self._encoder(width),
            levels=len(self.trie_.levels),
            gaps=config.gaps,
            embedding_dropout=config.embedding_dropout,
            temperature=config.temperature,
        )

    def _move(self, device: torch.device) -> SemanticNetwork:
        self.choices_ = [choice.to(device) for choice in self.choices_]
        return self.network_.to(device)

    def _plan(self, events: int) -> Plan:
        """Always exact: a level's softmax is small whatever the size of the catalogue."""
        plan = super()._plan(events)
        return Plan(plan.width, False, plan.epochs)

    def _loss(self, network: Points, batch: Batch, plan: Plan, rng: np.random.Generator) -> Tensor:
        """Mean over events of -log p of the next product's codes."""
        items = self.network_.items
        keep_V1 = items.id_vectors.weight.new_ones(self.mixer_.n_rows, 1)
        prefixes = self.mixer_.prefixes
        drawn = torch.rand(prefixes.stop - prefixes.start, 1, device=keep_V1.device)
        keep_V1[prefixes] = (drawn >= self.config.prefix_dropout).float()
        table_VD = items.id_vectors.weight * keep_V1
        vectors_BTD = functional.embedding(batch.events.items, items(table_VD))
        real_BT = batch.targets >= 0
        targets_N = batch.targets[real_BT]
        states_ND = network.queries(vectors_BTD, batch.events)[real_BT]
        loss = states_ND.new_zeros(())
        for level, choice in enumerate(self.choices_):
            if len(choice.nodes):
                directions_MD = functional.normalize(choice.rows @ table_VD, dim=1)
                loss = loss + choice_loss(self.network_.at_level(states_ND, level), directions_MD, choice, targets_N)
        return loss / len(targets_N)

    @torch.inference_mode()
    def _settle(self) -> None:
        """Compute what answers need: vectors of all items, the steps of the tree, and where new items leave it."""
        table_VD = self.network_.items.id_vectors.weight
        self.steps_ = [
            Step(
                torch.from_numpy(level.parent).to(table_VD.device),
                torch.from_numpy(level.starts).to(table_VD.device),
                choice,
                _directions(choice.rows, table_VD),
            )
            for level, choice in zip(self.trie_.levels, self.choices_, strict=True)
        ]
        newer = slice(self.n_trained_, None)
        codes_ML, attributes = self.codes_[newer], self.properties_.weights[newer]
        nodes_MG = self.trie_.descend(codes_ML)
        items_MV = self.mixer_.items(codes_ML, nodes_MG, attributes)
        self.vectors_ = torch.cat([self.network_.items(), SparseRows(items_MV).to(table_VD.device).product(table_VD)])
        self.branches_ = [
            self._branch(int(number), nodes_MG, table_VD) for number in np.unique((nodes_MG >= 0).sum(axis=1))
        ]
        self.scored_ = self.properties_.known | (np.arange(len(self.properties_)) < self.n_trained_)

    def _branch(self, number: int, nodes_MG: LongArray, table_VD: Tensor) -> Branch:
        """The new items [M] that leave the tree at this level."""
        level = self.trie_.levels[number]
        new = np.flatnonzero((nodes_MG >= 0).sum(axis=1) == number)
        items = self.n_trained_ + new
        above, leaves = np.unique(nodes_MG[new, number - 1] if number else np.zeros_like(new), return_inverse=True)
        counts = level.starts[above + 1] - level.starts[above]
        rivals = np.concatenate([np.arange(level.starts[node], level.starts[node + 1]) for node in above])
        own = self.mixer_.branches(self.codes_[items], number, self.properties_.weights[items])
        arrays = (items, above, leaves, np.repeat(np.arange(len(above)), counts))
        items_J, above_P, leaves_J, rival_of_S = (torch.from_numpy(one).to(table_VD.device) for one in arrays)
        return Branch(
            number,
            items_J,
            _directions(SparseRows(own), table_VD),
            above_P,
            leaves_J,
            _directions(SparseRows(self.mixer_.nodes(number)[rivals]), table_VD),
            rival_of_S,
        )

    def _matches(self, queries_BD: Tensor) -> Tensor:
        """Log-probabilities [B, I]; -inf for what no beam reached."""
        return item_scores(
            self.steps_,
            self.branches_,
            lambda level: self.network_.at_level(queries_BD, level),
            node_of_item=torch.from_numpy(self.trie_.levels[-1].node_of).to(queries_BD.device),
            n_items=len(self.vectors_),
            beam=self.config.beam,
        )

    def extend(self, features: Features) -> None:
        """Give the new items of `features` their codes; a new item of which nothing is known is never scored."""
        known = len(self.codes_)
        self.codes_ = np.concatenate([self.codes_, self.codebooks_.encode(self.maker_.of(features))[known:]])
        super().extend(features)

    def semantic_ids(self) -> IntArray:
        """The whole id of each item [I, G], no two alike; the last number tells items with the same codes apart."""
        return Trie.of(self.codes_).tuples()

    def save(self, folder: Path) -> None:
        """Write config, codes, weights and what makes codes into an existing empty folder."""
        state = {name: value.numpy() for name, value in self.network_.state_dict().items()}
        known = {"codes": self.codes_, "properties": self.properties_.weights, "learnt": np.array([self.n_trained_])}
        makers = self.maker_.arrays() | self.codebooks_.arrays()
        save_arrays(folder, model=self.name, config=self.config, arrays=state | known | makers)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        model = cls(saved.settings(cls.config_class))
        model.maker_ = SemanticVectors.load(saved, alignment=model.config.alignment)
        model.codebooks_, model.codes_ = Codebooks.load(saved), saved.array("codes", ndim=2)
        weights = saved.matrix("properties")
        model.properties_ = ItemProperties(weights, np.zeros((weights.shape[0], 0), dtype=np.float32))
        model.n_trained_ = int(saved.array("learnt")[0])
        model._build(saved.array("items.id_vectors.weight", ndim=2).shape[1])
        load_state(model.network_, saved)
        model._settle()
        return model


def _directions(rows: SparseRows, table_VD: Tensor) -> Tensor:
    """Mixes [M, D] of length 1."""
    return functional.normalize(rows.to(table_VD.device).product(table_VD), dim=1)
