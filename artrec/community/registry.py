"""Every algorithm by name: what the laboratory compares, and which of them are channels of the hybrids."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from artrec.community.arrival import Freshness, Leafing
from artrec.community.base import Model
from artrec.community.baselines import Means, Popularity, Random, Trend
from artrec.community.content import SESSION, Content, ContentConfig
from artrec.community.factorisation import BiasedMf, fit_als, fit_bpr
from artrec.community.gaussian import Gaussian
from artrec.community.hybrid import Stacked, Switching, Weighted
from artrec.community.interactions import Interactions
from artrec.community.linear import Ease
from artrec.community.neighbours import ItemKnn, NeighbourConfig, UserKnn
from artrec.community.neural.cfgan import Cfgan
from artrec.community.neural.multvae import MultVae
from artrec.community.neural.two_tower import TwoTower
from artrec.community.works import Works

HOUR, DAY = 3_600.0, 86_400.0
COSINE, PEARSON = NeighbourConfig(similarity="cosine"), NeighbourConfig(similarity="pearson")


@dataclass(frozen=True)
class Algorithm:
    """`fit(interactions, works)` raises `NotApplicable` where the data cannot carry it. `channel`: whether hybrids use it.
    `keeps_time`: whether it may be given more than the past (see `Interactions.past`): live models, which heed the moment of
    each question, and hybrids, whose channels are fitted by the same rule."""

    name: str
    family: str
    fit: Callable[[Interactions, Works | None], Model]
    channel: bool = False
    neural: bool = False
    keeps_time: bool = False

    def learn(self, interactions: Interactions, works: Works | None) -> Model:
        """The model, fitted on what it may know. Raises `NotApplicable`."""
        return self.fit(interactions if self.keeps_time else interactions.past, works)


def _content(name: str, by: str, config: ContentConfig | None = None, channel: bool = True) -> Algorithm:
    return Algorithm(
        name, "content", lambda data, works: Content.fit(data, works, by, config, name), channel, keeps_time=True
    )  # fmt: skip


def _alone(
    name: str, family: str, fit: Callable[[Interactions], Model], channel: bool = False, keeps_time: bool = False
) -> Algorithm:
    """An algorithm that does not look at the works."""
    return Algorithm(name, family, lambda data, works: fit(data), channel, keeps_time=keeps_time)


def _trend(name: str, span: float) -> Algorithm:
    return _alone(name, "baselines", partial(_named_trend, name=name, span=span), True, True)


def _named_trend(data: Interactions, name: str, span: float) -> Trend:
    found = Trend.fit(data, span)
    return Trend(found.works, found.times, found.n_works, found.span, name)


SINGLE = (
    _alone("random", "baselines", Random.fit, keeps_time=True),
    _alone("popularity", "baselines", Popularity.fit, True, True),
    _trend("trend-hour", HOUR),
    _trend("trend-day", DAY),
    _trend("trend-week", 7 * DAY),
    Algorithm("freshness", "baselines", Freshness.fit, True, keeps_time=True),
    Algorithm("leafing", "baselines", Leafing.fit, True, keeps_time=True),
    _alone("work-means", "baselines", partial(Means.fit, people=False), True),
    _alone("means", "baselines", Means.fit),
    _alone("item-knn-cosine", "neighbourhood", partial(ItemKnn.fit, config=COSINE), True),
    _alone("item-knn-pearson", "neighbourhood", partial(ItemKnn.fit, config=PEARSON)),
    _alone("user-knn-cosine", "neighbourhood", partial(UserKnn.fit, config=COSINE), True),
    _alone("user-knn-pearson", "neighbourhood", partial(UserKnn.fit, config=PEARSON)),
    _alone("als", "factorisation", fit_als, True),
    _alone("bpr", "factorisation", fit_bpr, True),
    _alone("biased-mf", "factorisation", BiasedMf.fit, True),
    _alone("gaussian", "factorisation", Gaussian.fit, True),
    _alone("ease", "linear", Ease.fit, True),
    _content("text", "text"),
    _content("text-mean", "text", ContentConfig(top=None)),
    _content("text-recent", "text", ContentConfig(last=5)),
    _content("text-visit", "text", ContentConfig(last=1, within=SESSION)),
    _content("same-artist", "artist", ContentConfig(top=None)),
    _content("artist-visit", "artist", ContentConfig(last=1, within=SESSION)),
    _content("tags", "tags", ContentConfig(top=3)),
    _content("attributes", "attributes", ContentConfig(top=3)),
    _content("topic", "topic", ContentConfig(top=None)),
)


def channels(works: Works | None) -> dict[str, Callable[[Interactions], Model]]:
    """The channels of the hybrids, as functions of the interactions alone."""
    return {a.name: partial(_learn, a, works) for a in SINGLE if a.channel}


def _learn(algorithm: Algorithm, works: Works | None, data: Interactions) -> Model:
    return algorithm.learn(data, works)


def _switching(data: Interactions, works: Works | None) -> Switching:
    known = channels(works)
    return Switching.fit(data, [(0, known["popularity"]), (1, known["text"]), (10, known["ease"])])


HYBRIDS = (
    Algorithm("weighted", "hybrid", lambda data, works: Weighted.fit(data, channels(works)), keeps_time=True),
    Algorithm("switching", "hybrid", _switching, keeps_time=True),
    Algorithm("stacked", "hybrid", lambda data, works: Stacked.fit(data, channels(works)), keeps_time=True),
)

NEURAL = (
    Algorithm("mult-vae", "neural", lambda data, works: MultVae.fit(data), neural=True),
    Algorithm("cfgan", "neural", lambda data, works: Cfgan.fit(data), neural=True),
    Algorithm("two-tower", "neural", lambda data, works: TwoTower.fit(data, works), neural=True),
)

ALGORITHMS = {algorithm.name: algorithm for algorithm in (*SINGLE, *NEURAL, *HYBRIDS)}
