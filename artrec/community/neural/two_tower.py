"""Two towers (Covington et al. 2016; Yi et al. 2019): works and people as vectors from what the works are, not who they are.

A work is its text's vector and its attributes, reduced to few dimensions; a person the mean of the liked works. Each goes
through a small network of its own; the score is the dot product. It learns to tell a liked work, given the person's others,
from works drawn at random (softmax over samples). New works and new people need no more than a pass.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from artrec.community.base import NotApplicable, silence
from artrec.community.interactions import History, Interactions
from artrec.community.neural.layers import Network, dense, training, training_rows
from artrec.community.works import FIELDS, Works


@dataclass(frozen=True)
class TwoTowerConfig:
    attributes: int = 48  # dimensions that they are reduced to
    hidden: int = 128
    out: int = 64
    epochs: int = 40
    batch: int = 256
    negatives: int = 200
    learning_rate: float = 1e-3
    dropout: float = 0.2
    seed: int = 0


@dataclass(frozen=True, eq=False)
class TwoTower:
    """`features`: float32 (n_works, d); `works`: vectors of the works' tower, float32 (n_works, out); `person`: the other."""

    features: np.ndarray
    works: np.ndarray
    person: Network
    threshold: float
    name: str = "two-tower"
    rates: bool = False
    live: bool = False

    @classmethod
    def fit(cls, interactions: Interactions, works: Works | None, config: TwoTowerConfig | None = None) -> "TwoTower":
        import torch

        config = config or TwoTowerConfig()
        if works is None or works.vectors is None:
            raise NotApplicable("It needs the catalogue of the works and vectors of their texts.", "Give --catalogue.")
        rows = training_rows(interactions, config.hidden)
        rows = rows[np.diff(rows.indptr) > 1]
        if not rows.shape[0]:
            raise NotApplicable("It needs people with two likes and more.", "Collect more likes first.")
        features = describe(works, config.attributes, config.seed)
        known = torch.from_numpy(features)
        people, liked = rows.nonzero()
        sums = torch.from_numpy((rows @ features).astype(np.float32))
        sizes = torch.from_numpy(np.diff(rows.indptr).astype(np.float32))
        random = np.random.default_rng(config.seed)
        with training(config.seed):
            person, work = (dense(features.shape[1], config.hidden, config.out) for _ in range(2))
            optimiser = torch.optim.Adam([*person.parameters(), *work.parameters()], lr=config.learning_rate)
            for _ in range(config.epochs):
                order = random.permutation(len(people))
                for start in range(0, len(order), config.batch):
                    at = order[start : start + config.batch]
                    who, what = torch.from_numpy(people[at]), torch.from_numpy(liked[at])
                    others = (sums[who] - known[what]) / (sizes[who] - 1)[:, None]
                    drawn = torch.from_numpy(random.integers(0, len(features), config.negatives))
                    asked = person(torch.nn.functional.dropout(others, config.dropout))
                    right = (asked * work(known[what])).sum(dim=1, keepdim=True)
                    wrong = asked @ work(known[drawn]).T
                    clash = (torch.from_numpy(rows[people[at]][:, drawn.numpy()].toarray()) > 0) | (what[:, None] == drawn)
                    scores = torch.cat([right, wrong.masked_fill(clash, -1e9)], dim=1)
                    loss = torch.nn.functional.cross_entropy(scores, torch.zeros(len(at), dtype=torch.long))
                    optimiser.zero_grad()
                    loss.backward()
                    optimiser.step()
        return cls(features, Network.of(work)(features), Network.of(person), interactions.threshold)

    def score(self, history: History) -> np.ndarray:
        liked = history.works[history.values >= self.threshold]
        if not len(liked):
            return silence(len(self.works))
        return (self.works @ self.person(self.features[liked].mean(axis=0))).astype(np.float64)


def describe(works: Works, dimensions: int, seed: int) -> np.ndarray:
    """What each work is: its text's vector beside its attributes (artist, movement, genre, type, culture, subjects, moods and
    medium) in a few dimensions, both of unit length: float32 (n_works, d)."""
    from sklearn.decomposition import TruncatedSVD

    features = works.features
    parts = [feature.matrix for feature in (features.subjects, features.moods, features.media)]
    for field in ("artist", *FIELDS):
        column = features.column(field)
        known = np.flatnonzero(column.known)
        parts.append(sp.csr_matrix((np.ones(len(known)), (known, column.codes[known])), shape=(len(works), len(column.values))))
    table = sp.hstack(parts).tocsr().astype(np.float32)
    size = min(dimensions, min(table.shape) - 1)
    if size < 1 or not table.nnz:
        return np.ascontiguousarray(works.vectors, dtype=np.float32)
    reduced = TruncatedSVD(size, random_state=seed).fit_transform(table)
    reduced /= np.maximum(np.linalg.norm(reduced, axis=1, keepdims=True), 1e-9)
    return np.hstack([works.vectors, reduced]).astype(np.float32)
