"""Several models as one: by fixed weights, by how much is known of a person, and by learned weights.

The learned one is additive: score = Σ w·channel with w ≥ 0, so that every channel pulls its own way only and what it adds is
its reason. Weights maximise the likelihood of likes that the channels have not seen (a conditional logit, McFadden 1974, over a
work that was liked and others that were not), where each person counts by the root of their likes. They are learned on the
newest likes of each person in the training data, each predicted from what that person liked before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.stats import rankdata
from threadpoolctl import threadpool_limits

from artrec.community.base import Explains, Model, NotApplicable, need_likes, silence
from artrec.community.interactions import History, Interactions

Fit = Callable[[Interactions], Model]


def fit_all(interactions: Interactions, channels: Mapping[str, Fit]) -> dict[str, Model]:
    """The channels that these data can carry. Raises `NotApplicable` where there are none."""
    models = {}
    for name, fit in channels.items():
        try:
            models[name] = fit(interactions)
        except NotApplicable:
            continue
    if not models:
        raise NotApplicable("None of its channels can run on these data.", "Give more interactions, or a catalogue.")
    return models


def standing(scores: np.ndarray) -> np.ndarray:
    """The share of works with a lower score, ties by halves: float64 in [0, 1], NaN where there is no opinion."""
    known = ~np.isnan(scores)
    places = np.full(len(scores), np.nan)
    if known.any():
        places[known] = (rankdata(scores[known]) - 0.5) / known.sum()
    return places


@dataclass(frozen=True, eq=False)
class Weighted:
    """The weighted mean of the channels' standings; a channel without an opinion on a work is left out of its mean."""

    models: Mapping[str, Model]
    weights: Mapping[str, float]
    n_works: int
    name: str = "weighted"
    rates: bool = False
    live: bool = False

    @classmethod
    def fit(
        cls, interactions: Interactions, channels: Mapping[str, Fit], weights: Mapping[str, float] | None = None
    ) -> "Weighted":
        """Equal weights where none are given."""
        models = fit_all(interactions, channels)
        return cls(models, {name: (weights or {}).get(name, 1.0) for name in models}, interactions.n_works)

    def score(self, history: History) -> np.ndarray:
        sums, total = np.zeros(self.n_works), np.zeros(self.n_works)
        for name, model in self.models.items():
            found = standing(model.score(history))
            sums += self.weights[name] * np.nan_to_num(found)
            total += self.weights[name] * ~np.isnan(found)
        return np.where(total > 0, sums / np.maximum(total, 1e-12), np.nan)


@dataclass(frozen=True, eq=False)
class Switching:
    """One model at a time, by evidence. `steps`: (least number of known works, model), ascending; the last step that is reached
    and has an opinion speaks."""

    steps: Sequence[tuple[int, Model]]
    n_works: int
    name: str = "switching"
    rates: bool = False
    live: bool = False

    @classmethod
    def fit(cls, interactions: Interactions, steps: Sequence[tuple[int, Fit]]) -> "Switching":
        """Steps that these data cannot carry are left out."""
        models = fit_all(interactions, {str(at): fit for at, (_, fit) in enumerate(steps)})
        kept = [(least, models[str(at)]) for at, (least, _) in enumerate(steps) if str(at) in models]
        return cls(tuple(kept), interactions.n_works)

    def score(self, history: History) -> np.ndarray:
        for least, model in reversed(self.steps):
            if len(history) >= least:
                found = model.score(history)
                if not np.isnan(found).all():
                    return found
        return silence(self.n_works)


@dataclass(frozen=True)
class StackConfig:
    """`held`: newest likes of each person to learn from; `cases`: the most of them in all; `candidates`: works that each is
    told apart from (a uniform sample keeps the weights right, McFadden 1978); `penalty`: of the squared weights."""

    held: int = 20
    cases: int = 1_200
    candidates: int = 800
    penalty: float = 1e-3
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Stacked:
    """`weights`: channel → w ≥ 0, already over the channel's spread; channels with w = 0 are not kept."""

    models: Mapping[str, Model]
    weights: Mapping[str, float]
    n_works: int
    name: str = "stacked"
    rates: bool = False
    live: bool = False

    @classmethod
    def fit(cls, interactions: Interactions, channels: Mapping[str, Fit], config: StackConfig | None = None) -> "Stacked":
        config = config or StackConfig()
        held = _newest(interactions.past, config)
        if len(held) < 5:
            raise NotApplicable(
                f"Weights need at least 5 likes of people with others before; there are {len(held)}.", "Collect more likes."
            )
        before = interactions.keep(~np.isin(np.arange(len(interactions)), held))
        unseen = fit_all(before, channels)
        models = fit_all(interactions, channels)
        # A live model keeps to what was before each moment by itself; the others must not have been shown the held-out likes.
        judges = {
            name: models[name] if models[name].live and interactions.timed else unseen[name]
            for name in models
            if name in unseen
        }
        with threadpool_limits(1, user_api="blas"):  # thousands of small products, each too small to share
            features, users = _features(interactions, held, judges, config)
        spread = features.std(axis=(0, 1), dtype=np.float64)
        useful = spread > 1e-9
        raw = _conditional_logit(features[:, :, useful] / spread[useful].astype(np.float32), users, config.penalty)
        found = np.zeros(len(judges))
        found[useful] = raw / spread[useful]
        weights = {name: float(w) for name, w in zip(judges, found, strict=True) if w > 1e-6}
        if not weights:
            raise NotApplicable("No channel tells liked works from others.", "Collect more likes.")
        return cls({name: models[name] for name in weights}, weights, interactions.n_works)

    def contributions(self, history: History) -> dict[str, np.ndarray]:
        """What each channel adds to each work (float64 (n_works,)); they sum to the score, and a silent channel adds 0."""
        return {name: self.weights[name] * np.nan_to_num(model.score(history)) for name, model in self.models.items()}

    def score(self, history: History) -> np.ndarray:
        return np.sum(list(self.contributions(history).values()), axis=0)

    def explain(self, history: History, work: int) -> np.ndarray:
        """What known works carry through the channels that say so, and last all the rest."""
        shares = np.zeros(len(history) + 1)
        for name, model in self.models.items():
            if isinstance(model, Explains):
                shares += self.weights[name] * np.nan_to_num(model.explain(history, work))
            else:
                shares[-1] += self.weights[name] * np.nan_to_num(model.score(history)[work])
        return shares


def _newest(interactions: Interactions, config: StackConfig) -> np.ndarray:
    """Entries to learn from (positions, int64): each person's newest likes, or any where times are not known, but the first."""
    need_likes(interactions)
    random = np.random.default_rng(config.seed)
    held = []
    for user in range(interactions.n_users):
        entries = interactions.entries(user)
        liked = np.flatnonzero(interactions.values[entries] >= interactions.threshold)
        liked = liked[liked > 0]
        if not interactions.timed:
            liked = np.sort(random.permutation(liked)[: max(1, len(liked) // 4)])
        held.append(entries[liked[-config.held :]])
    found = np.concatenate(held)
    return np.sort(random.permutation(found)[: config.cases])


def _features(
    interactions: Interactions, held: np.ndarray, judges: Mapping[str, Model], config: StackConfig
) -> tuple[np.ndarray, np.ndarray]:
    """What each channel says of each candidate of each case, the liked work first (float32 (cases, candidates, channels)), and
    the person of each case."""
    random = np.random.default_rng(config.seed)
    n = interactions.n_works
    size = min(config.candidates, n - 1)
    features = np.zeros((len(held), 1 + size, len(judges)), dtype=np.float32)
    inside = set(held.tolist())
    for case, at in enumerate(held):
        entries = interactions.entries(int(interactions.users[at]))
        known = (
            entries[entries < at] if interactions.timed else np.array([e for e in entries if e not in inside], dtype=np.int64)
        )
        history = interactions.history(known, interactions.times[at] if interactions.timed else np.inf)
        open_ = np.ones(n, dtype=bool)
        open_[history.works] = open_[interactions.works[at]] = False
        others = random.permutation(np.flatnonzero(open_))[:size]
        rows = np.r_[interactions.works[at], others]
        said = np.stack([model.score(history)[rows] for model in judges.values()], axis=1)
        features[case, : len(rows)] = np.where(np.isnan(said), 0, said)
        features[case, len(rows) :] = features[case, 1 : 1 + size - len(others)] if len(others) else 0
    return features, interactions.users[held]


def _conditional_logit(features: np.ndarray, users: np.ndarray, penalty: float) -> np.ndarray:
    """Non-negative weights (float64 (channels,)) under which the first candidate of each case is likeliest."""
    counts = np.bincount(users)[users]
    importance = (1 / np.sqrt(counts)) / (1 / np.sqrt(counts)).sum()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = (features @ weights.astype(np.float32)).astype(np.float64)
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        shares /= shares.sum(axis=1, keepdims=True)
        miss = -np.log(np.maximum(shares[:, 0], 1e-300)) @ importance
        shares[:, 0] -= 1
        slope = np.einsum("ec,ecf->f", (importance[:, None] * shares).astype(np.float32), features, optimize=True)
        return miss + penalty * weights @ weights, slope.astype(np.float64) + 2 * penalty * weights

    start = np.full(features.shape[2], 0.1)
    bounds = [(0, None)] * len(start)
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 80}).x
