"""Mult-VAE (Liang et al. 2018, arXiv:1802.05814): a variational autoencoder of whole profiles with a multinomial likelihood.

Loss: −Σ xᵢ ln softmax(f(z))ᵢ + β·KL, where β rises to its cap (0.2, after the paper) over the first half of the epochs and a
half of the input is dropped. Folding in is one pass through the mean of z.
"""

from dataclasses import dataclass

import numpy as np

from artrec.community.base import silence
from artrec.community.interactions import History, Interactions
from artrec.community.neural.layers import Network, batches, dense, row_of, training, training_rows


@dataclass(frozen=True)
class MultVaeConfig:
    hidden: int = 200
    latent: int = 64
    epochs: int = 60
    batch: int = 128
    learning_rate: float = 1e-3
    beta: float = 0.2
    dropout: float = 0.5
    seed: int = 0


@dataclass(frozen=True, eq=False)
class MultVae:
    """`encoder`: likes → mean and log-variance of z; `decoder`: z → logits."""

    encoder: Network
    decoder: Network
    threshold: float
    n_works: int
    name: str = "mult-vae"
    rates: bool = False
    live: bool = False

    @classmethod
    def fit(cls, interactions: Interactions, config: MultVaeConfig | None = None) -> "MultVae":
        import torch

        config = config or MultVaeConfig()
        rows = training_rows(interactions, config.hidden)
        n = rows.shape[1]
        random = np.random.default_rng(config.seed)
        with training(config.seed):
            encoder, decoder = dense(n, config.hidden, 2 * config.latent), dense(config.latent, config.hidden, n)
            optimiser = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=config.learning_rate)
            for epoch in range(config.epochs):
                beta = config.beta * min(1.0, 2 * epoch / config.epochs)
                for batch in batches(rows, config.batch, random):
                    x = torch.from_numpy(batch)
                    given = torch.nn.functional.dropout(torch.nn.functional.normalize(x), config.dropout)
                    mean, spread = encoder(given).chunk(2, dim=1)
                    z = mean + torch.randn_like(mean) * torch.exp(spread / 2)
                    likelihood = (torch.log_softmax(decoder(z), dim=1) * x).sum(dim=1)
                    divergence = -0.5 * (1 + spread - mean**2 - spread.exp()).sum(dim=1)
                    loss = (beta * divergence - likelihood).mean()
                    optimiser.zero_grad()
                    loss.backward()
                    optimiser.step()
        return cls(Network.of(encoder), Network.of(decoder), interactions.threshold, n)

    def score(self, history: History) -> np.ndarray:
        row = row_of(history, self.threshold, self.n_works)
        if not row.any():
            return silence(self.n_works)
        z = self.encoder(row / np.linalg.norm(row))[: self.decoder.weights[0].shape[0]]
        return self.decoder(z).astype(np.float64)
