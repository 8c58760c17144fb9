"""Networks as arrays, and what training them shares."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from artrec.community.base import NotApplicable, need_likes
from artrec.community.interactions import History, Interactions

LEAST_PEOPLE = 10
MOST_CELLS = 200_000_000  # weights between works and a hidden layer, at 4 bytes each


@dataclass(frozen=True, eq=False)
class Network:
    """Dense layers with tanh between them: `weights` float32 (in, out) and `biases` float32 (out,) of each."""

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """float32 (…, in) → (…, out); the last layer is linear."""
        for at, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x = x @ weight + bias
            if at + 1 < len(self.weights):
                x = np.tanh(x)
        return x

    @classmethod
    def of(cls, module) -> "Network":
        """The linear layers of a torch module, in order."""
        import torch

        layers = [part for part in module.modules() if isinstance(part, torch.nn.Linear)]
        return cls(
            tuple(layer.weight.detach().numpy().T.copy() for layer in layers),
            tuple(layer.bias.detach().numpy().copy() for layer in layers),
        )


def dense(*sizes: int):
    """A torch network of these sizes with tanh between the layers."""
    import torch

    parts: list = []
    for before, after in zip(sizes, sizes[1:], strict=False):
        layer = torch.nn.Linear(before, after)
        torch.nn.init.xavier_normal_(layer.weight)
        parts += [layer, torch.nn.Tanh()]
    return torch.nn.Sequential(*parts[:-1])


@contextmanager
def training(seed: int) -> Iterator[None]:
    """torch's chance from a seed and one thread, which these small networks are fastest with; afterwards all as before."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            yield
    finally:
        torch.set_num_threads(threads)


def training_rows(interactions: Interactions, hidden: int) -> sp.csr_matrix:
    """The likes of people who have any, float32 CSR (people, n_works). Raises `NotApplicable` for too few people, or too many
    works."""
    likes = need_likes(interactions, people=LEAST_PEOPLE, works=2)
    if likes.n_works * hidden > MOST_CELLS:
        raise NotApplicable(f"{likes.n_works:,} works need more memory than it may have.", "Use ALS.")
    return likes.matrix[np.unique(likes.users)]


def batches(matrix: sp.csr_matrix, size: int, random: np.random.Generator) -> Iterator[np.ndarray]:
    """All rows once, in a random order, as dense float32 (≤ size, n_works)."""
    order = random.permutation(matrix.shape[0])
    for start in range(0, len(order), size):
        yield matrix[order[start : start + size]].toarray()


def row_of(history: History, threshold: float, n_works: int) -> np.ndarray:
    """A person's likes as float32 (n_works,)."""
    row = np.zeros(n_works, dtype=np.float32)
    row[history.works[history.values >= threshold]] = 1
    return row
