"""Muon for the matrices of layers beside AdamW for everything else, as one optimizer."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import AdamW, Muon, Optimizer


class MuonBesideAdamW(Optimizer):
    """Both, over groups with rates of their own. Source: Jordan et al. 2024, Muon."""

    def __init__(self, adamw: AdamW, muon: Muon) -> None:
        """Join two optimizers that share no weight; the learning rate in a log is the first one's."""
        self._parts = (adamw, muon)
        groups = []
        for number, part in enumerate(self._parts):
            groups += [{**group, "part": number} for group in part.param_groups]
        super().__init__(groups, {})

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> None:  # type: ignore[override]
        """Each of the two, on its own groups."""
        assert closure is None
        for number, part in enumerate(self._parts):
            # State and groups are replaced where a run goes on: what stands here is what is saved and read back.
            part.state = self.state
            part.param_groups = [group for group in self.param_groups if group["part"] == number]
            part.step()


def layer_matrices(model: nn.Module, output: nn.Module | None) -> Iterable[Tensor]:
    """The weights of linear layers: what Muon is for. Not the one that gives the logits, which is an embedding.

    Args:
        model: with the layers.
        output: its last one.
    """
    for module in model.modules():
        if isinstance(module, nn.Linear) and module is not output and module.weight.requires_grad:
            yield module.weight
