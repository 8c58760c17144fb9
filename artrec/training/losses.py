"""The losses of `contrastive.py`, and the order of its batches. Imports torch."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
from sentence_transformers.base.losses.merged_forward import embed_columns
from sentence_transformers.base.sampler import DefaultBatchSampler
from torch import Tensor, nn
from torch.utils.data import SequentialSampler

from artrec.training.batches import Row


class SeveralQueriesLoss(nn.Module):
    """InfoNCE (van den Oord et al. 2018; in-batch negatives as in Henderson et al. 2017) with several queries a passage.

    Columns are the queries of a row, then its passage; `labels` are places in `rows`. For each query the softmax runs over
    the batch's passages but those that answer it as well (`Row.also`): they are neither right nor wrong. With `memory`, the
    vectors that all other works had when they were last in a batch are wrong answers too (cross-batch memory, Wang et al.
    2020): thousands of negatives for the price of a product. `backward`: the weight of the other direction, each passage
    finding the first of its queries in the batch. With `words` (query → the BM25 score of every work, float32 (works,)) half
    of the loss is that of cosine + `residual` · words: what words find already need not be learnt, what they get wrong must
    be (residual learning beside a lexical model: CLEAR, Gao et al. 2021).
    """

    def __init__(
        self, model, rows: Sequence[Row], scale: float = 20.0, backward: float = 0.0, memory: bool = False,
        words: Callable[[str], np.ndarray] | None = None, residual: float = 1.0,
    ):  # fmt: skip
        super().__init__()
        self.model, self.rows, self.scale, self.backward_weight = model, rows, scale, backward
        self.memory, self.words, self.residual = memory, words, residual
        self.kept: dict[int, dict[int, Tensor]] = {}  # dimension → work → vector: Matryoshka asks for each length in turn

    def forward(self, sentence_features: Iterable[dict[str, Tensor]], labels: Tensor) -> Tensor:
        """The mean loss over queries and batch."""
        *queries, passage = sentence_features
        passages = nn.functional.normalize(self.model(passage)["sentence_embedding"], dim=1)
        batch = [self.rows[int(at)] for at in labels]
        here = [row.work for row in batch]
        own = torch.arange(len(batch))
        kept = self.kept.setdefault(passages.shape[1], {})
        others = [work for work in kept if work not in set(here)]
        remembered = torch.stack([kept[work] for work in others]) if others else passages[:0].detach()
        answers = torch.cat([passages, remembered.to(passages.dtype)])
        losses = []
        for column, vectors in enumerate(embed_columns(self.model, queries, separate_first=False)):
            scores = self.scale * (nn.functional.normalize(vectors, dim=1) @ answers.T).float()
            neither = torch.tensor([[work in row.also[column] for work in (*here, *others)] for row in batch])
            neither[own, own] = False
            alone = nn.functional.cross_entropy(scores.masked_fill(neither, -torch.inf), own)
            if self.words is None:
                losses.append(alone)
            else:
                found = np.stack([self.words(row.queries[column])[[*here, *others]] for row in batch])
                beside = scores + self.scale * self.residual * torch.from_numpy(found).to(scores.device)
                losses.append((alone + nn.functional.cross_entropy(beside.masked_fill(neither, -torch.inf), own)) / 2)
            if self.backward_weight and column == 0:
                turned = scores[:, : len(batch)].T.masked_fill(neither[:, : len(batch)].T, -torch.inf)
                losses.append(self.backward_weight * nn.functional.cross_entropy(turned, own))
        if self.memory and self.training:
            kept.update(zip(here, passages.detach(), strict=True))
        return torch.stack(losses).sum() / (len(queries) + self.backward_weight)

    def get_config_dict(self) -> dict:
        """For sentence-transformers' own card."""
        residual = self.residual if self.words else None
        return {"scale": self.scale, "backward": self.backward_weight, "memory": self.memory, "residual": residual}


class SentimentLoss(nn.Module):
    """Cross-entropy of a linear layer on unit vectors, learnt beside: what a note feels should be readable from its vector by
    a line, as the head will read it. It asks for less than a distance between notes would, and leaves searching alone."""

    def __init__(self, model, labels: int, scale: float = 10.0):
        super().__init__()
        self.model, self.scale = model, scale
        self.linear = nn.Linear(model.get_embedding_dimension(), labels)

    def forward(self, sentence_features: Iterable[dict[str, Tensor]], labels: Tensor) -> Tensor:
        """The mean loss over the batch's notes."""
        (note,) = sentence_features
        vectors = nn.functional.normalize(self.model(note)["sentence_embedding"], dim=1)
        return nn.functional.cross_entropy(self.scale * self.linear(vectors).float(), labels.view(-1))

    def get_config_dict(self) -> dict:
        """For sentence-transformers' own card."""
        return {"scale": self.scale, "labels": self.linear.out_features}


class InOrder(DefaultBatchSampler):
    """Batches of the rows as they lie: their order is part of what is taught."""

    def __init__(self, dataset, batch_size: int, drop_last: bool, **_):
        super().__init__(SequentialSampler(dataset), batch_size=batch_size, drop_last=drop_last)
