# SPDX-License-Identifier: Apache-2.0
"""The module whose weights `healctl model import` takes (docs/model.md shows it)."""
import torch
from torch import nn
from torch_geometric.nn import SAGEConv
from torch_geometric.nn.aggr import Aggregation, MaxAggregation, MeanAggregation


class HalfAndHalf(Aggregation):
    """The mean of the first half of the channels beside the largest of the second."""

    def __init__(self, channels):
        super().__init__()
        self.half = channels // 2
        self.mean, self.max = MeanAggregation(), MaxAggregation()

    def forward(self, x, index=None, ptr=None, dim_size=None, dim=-2):
        first, second = x[..., : self.half], x[..., self.half :]
        return torch.cat([self.mean(first, index, ptr, dim_size, dim), self.max(second, index, ptr, dim_size, dim)], -1)


class Network(nn.Module):
    def __init__(self, inputs, hidden, kinds=0):
        super().__init__()
        half = hidden // 2
        self.conv1 = SAGEConv(inputs, hidden, aggr=["mean", "max", "min"])
        self.conv2 = SAGEConv(hidden, hidden, aggr=HalfAndHalf(hidden))
        self.gate = nn.Sequential(nn.Linear(hidden, half), nn.ReLU(), nn.Linear(half, 1))
        self.head = nn.Sequential(nn.Linear(hidden, half), nn.ReLU())
        self.sick = nn.Linear(half, 1)
        self.kind = nn.Linear(half, kinds) if kinds else None
        self.normal = nn.Parameter(torch.zeros(1)) if kinds else None

    def forward(self, x, edge_index):
        """x: standardised, and 0 where a feature is missing. edge_index: each edge in both directions."""
        h = self.conv1(x, edge_index).relu()
        h = self.conv2(h, edge_index)
        p = self.head(h * self.gate(h).sigmoid())
        kind = self.kind(p) if self.kind else None
        classes = torch.cat([self.normal, kind.logsumexp(0)]) if self.kind else None
        return self.sick(p).squeeze(-1), kind, classes
