"""CFGAN (Chae et al. 2018, doi:10.1145/3269206.3271743): a generator of whole profiles against a discriminator, after its
scheme ZP.

The generator turns a person's likes into a vector over all works; a discriminator, told the likes too, learns to tell it from
the true one. Both see the generated vector through a mask: the liked works and a share of the others (partial masking); on
another share of the others the generator is pulled to 0 (zero reconstruction). Folding in is one pass of the generator.
"""

from dataclasses import dataclass

import numpy as np

from artrec.community.base import silence
from artrec.community.interactions import History, Interactions
from artrec.community.neural.layers import Network, batches, dense, row_of, training, training_rows


@dataclass(frozen=True)
class CfganConfig:
    """`masked`, `zeroed`: shares of the works not liked that are let through to the discriminator, and pulled to 0. The
    defaults were chosen on the simulated visitors of the starter collection."""

    hidden: int = 200
    epochs: int = 100
    batch: int = 64
    learning_rate: float = 1e-3
    masked: float = 0.1
    zeroed: float = 0.7
    zero_weight: float = 0.5
    decay: float = 1e-4
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Cfgan:
    """`generator`: likes → logits of liking."""

    generator: Network
    threshold: float
    n_works: int
    name: str = "cfgan"
    rates: bool = False
    live: bool = False

    @classmethod
    def fit(cls, interactions: Interactions, config: CfganConfig | None = None) -> "Cfgan":
        import torch

        config = config or CfganConfig()
        rows = training_rows(interactions, config.hidden)
        n = rows.shape[1]
        random = np.random.default_rng(config.seed)
        certainty = torch.nn.functional.softplus  # −ln σ(x) = softplus(−x)
        with training(config.seed):
            generator, judge = dense(n, config.hidden, n), dense(2 * n, config.hidden, 1)
            settings = {"lr": config.learning_rate, "weight_decay": config.decay}
            make = torch.optim.Adam(generator.parameters(), **settings)
            tell = torch.optim.Adam(judge.parameters(), **settings)
            for _ in range(config.epochs):
                for batch in batches(rows, config.batch, random):
                    x = torch.from_numpy(batch)
                    shown = torch.clamp(x + (torch.rand_like(x) < config.masked).float(), max=1)
                    fake = torch.sigmoid(generator(x))
                    true_, false_ = judge(torch.cat([x, x], 1)), judge(torch.cat([fake.detach() * shown, x], 1))
                    _step(tell, (certainty(-true_) + certainty(false_)).mean())
                    zeros = (torch.rand_like(x) < config.zeroed).float() * (1 - x)
                    fooled = certainty(-judge(torch.cat([fake * shown, x], 1))).mean()
                    _step(make, fooled + config.zero_weight * ((fake**2) * zeros).sum(dim=1).mean())
        return cls(Network.of(generator), interactions.threshold, n)

    def score(self, history: History) -> np.ndarray:
        row = row_of(history, self.threshold, self.n_works)
        return self.generator(row).astype(np.float64) if row.any() else silence(self.n_works)


def _step(optimiser, loss) -> None:
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
