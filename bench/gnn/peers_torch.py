# SPDX-License-Identifier: Apache-2.0
"""heald's network in PyTorch, in the ways in which its users would write it, and its training."""
import os
import sys
import time

import numpy
import torch
from torch import nn

INPUTS, HIDDEN, BATCH = 8, 64, 32
LEFT_OUT, DROPPED, RATE, WARM_UP, DECAY = 38 / 256, 26 / 256, 6e-3, 0.2, 1e-4


# How a vertex takes of its neighbours' rows: each returns the mean, the largest, the least.


class Scattered:
    """Edge by edge: index_add, scatter_reduce."""

    def __init__(self, edges, vertices):
        self.source, self.target = edges
        self.vertices = vertices
        self.degree = torch.bincount(self.target, minlength=vertices).clamp(min=1).unsqueeze(1)

    def mean(self, x):
        onto = x.new_zeros(self.vertices, x.shape[1])
        return onto.index_add(0, self.target, x[self.source]) / self.degree

    def extreme(self, x, which):
        onto = x.new_zeros(self.vertices, x.shape[1])
        index = self.target.unsqueeze(1).expand(-1, x.shape[1])
        return onto.scatter_reduce(0, index, x[self.source], which, include_self=False)


class Segmented(Scattered):
    """Edges sorted by target: a sparse product, and segment_reduce."""

    def __init__(self, edges, vertices):
        super().__init__(edges, vertices)
        self.first = torch.cat([torch.zeros(1, dtype=torch.long), torch.bincount(self.target, minlength=vertices).cumsum(0)])
        ones = torch.ones(len(self.source))
        self.matrix = torch.sparse_csr_tensor(self.first, self.source, ones, (vertices, vertices))

    def mean(self, x):
        return self.matrix @ x / self.degree

    def extreme(self, x, which):
        return torch.segment_reduce(x[self.source], which[1:], offsets=self.first, unsafe=True)


class Padded:
    """A row of neighbours a vertex, as many for each."""

    def __init__(self, neighbours):
        self.neighbours = neighbours

    def mean(self, x):
        return x[self.neighbours].mean(1)

    def extreme(self, x, which):
        taken = x[self.neighbours]
        return taken.amax(1) if which == "amax" else taken.amin(1)


class Network(nn.Module):
    def __init__(self, dropout=0.0):
        super().__init__()
        half = HIDDEN // 2
        self.layer1 = nn.Linear(4 * INPUTS, HIDDEN)
        self.layer2 = nn.Linear(2 * HIDDEN, HIDDEN)
        self.gate, self.gate_out = nn.Linear(HIDDEN, half), nn.Linear(half, 1)
        self.head, self.sick = nn.Linear(HIDDEN, half), nn.Linear(half, 1)
        self.dropout = nn.Dropout(dropout)

    def state(self, x, own, taking):
        terms = [own, taking.mean(x), taking.extreme(x, "amax"), taking.extreme(x, "amin")]
        return self.dropout(torch.relu(self.layer1(torch.cat(terms, -1))))

    def verdict(self, h, own, taking):
        half = HIDDEN // 2
        terms = [own, taking.mean(h[..., :half].contiguous()), taking.extreme(h[..., half:].contiguous(), "amax")]
        h = self.layer2(torch.cat(terms, -1))
        h = h * torch.sigmoid(self.gate_out(torch.relu(self.gate(h))))
        return self.sick(self.dropout(torch.relu(self.head(h)))).squeeze(-1)

    def forward(self, x, taking):
        h = self.state(x, x, taking)
        return self.verdict(h, h, taking)


# ---- inference ----


def inferring(run):
    def inferred():
        with torch.inference_mode():
            return run()

    return inferred


def chunked(network, x, neighbours, size):
    """Some vertices at a time, so that what is gathered stays in the caches."""
    pieces = [(slice(at, at + size), Padded(neighbours[at : at + size])) for at in range(0, len(x), size)]

    def run():
        h = torch.cat([network.state(x, x[at], taking) for at, taking in pieces])
        return torch.cat([network.verdict(h, h[at], taking) for at, taking in pieces])

    return run


def ways(features, neighbours, edges, chunk):
    """[(name, function)]: all compute the same, which is checked."""
    torch.manual_seed(1)
    network = Network().eval()
    x, near, edges = torch.from_numpy(features), torch.from_numpy(neighbours), torch.from_numpy(edges)
    scattered, segmented, padded = Scattered(edges, len(x)), Segmented(edges, len(x)), Padded(near)
    found = [
        ("scattered", lambda: network(x, scattered)),
        ("segmented", lambda: network(x, segmented)),
        ("padded", lambda: network(x, padded)),
    ]
    if len(x) > chunk:
        found.append(("padded, chunked", chunked(network, x, near, chunk)))
    found = [(name, inferring(run)) for name, run in found]
    if len(x) <= 1000:
        wanted = found[0][1]()
        for name, run in found:
            assert torch.allclose(run(), wanted, atol=1e-4), f"{name} computes something else"
    return found


def geometric_network():
    from torch_geometric.nn import SAGEConv
    from torch_geometric.nn.aggr import Aggregation, MaxAggregation, MeanAggregation

    half = HIDDEN // 2

    class HalfAndHalf(Aggregation):
        """The mean of the first half of the channels beside the largest of the second."""

        def __init__(self):
            super().__init__()
            self.mean, self.max = MeanAggregation(), MaxAggregation()

        def forward(self, x, index=None, ptr=None, dim_size=None, dim=-2):
            taken = self.mean(x[:, :half], index, ptr, dim_size, dim), self.max(x[:, half:], index, ptr, dim_size, dim)
            return torch.cat(taken, -1)

    class Geometric(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer1 = SAGEConv(INPUTS, HIDDEN, aggr=["mean", "max", "min"])
            self.layer2 = SAGEConv(HIDDEN, HIDDEN, aggr=HalfAndHalf())
            self.gate = nn.Sequential(nn.Linear(HIDDEN, half), nn.ReLU(), nn.Linear(half, 1), nn.Sigmoid())
            self.head = nn.Sequential(nn.Linear(HIDDEN, half), nn.ReLU(), nn.Linear(half, 1))

        def forward(self, x, edges):
            h = self.layer2(self.layer1(x, edges).relu(), edges)
            return self.head(h * self.gate(h)).squeeze(-1)

    return Geometric()


def geometric_way(features, edges):
    torch.manual_seed(1)
    network = geometric_network().eval()
    x, edges = torch.from_numpy(features), torch.from_numpy(edges)
    return inferring(lambda: network(x, edges))


class PaddedExport(nn.Module):
    """With the neighbours as an input, for ONNX."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.network = Network().eval()

    def forward(self, features, neighbours):
        return self.network(features, Padded(neighbours))


def export_padded(folder):
    """@return whether this PyTorch can; the file is made once."""
    path = f"{folder}/float.onnx"
    if os.path.exists(path):
        return True
    axes = {"features": {0: "vertices"}, "neighbours": {0: "vertices", 1: "degree"}, "sick": {0: "vertices"}}
    given = torch.randn(16, INPUTS), torch.randint(16, (16, 8))
    try:
        torch.onnx.export(
            PaddedExport(),
            given,
            path,
            input_names=["features", "neighbours"],
            output_names=["sick"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
    except Exception as error:  # whatever it lacks
        print(f"peers: nothing for ONNX Runtime: {str(error).splitlines()[0]}", file=sys.stderr)
        return False
    return True


class Samples:
    """What ONNX Runtime's calibration looks at."""

    def __init__(self):
        random = numpy.random.default_rng(3)
        self.given = iter(
            {
                "features": random.standard_normal((1000, INPUTS), dtype=numpy.float32),
                "neighbours": random.integers(1000, size=(1000, 8)),
            }
            for _ in range(10)
        )

    def get_next(self):
        return next(self.given, None)


def quantised(folder):
    """@return the ways in which ONNX Runtime's tools have brought float.onnx to eight bits; made once."""
    from onnxruntime import quantization

    def static(source, target):
        quantization.quantize_static(source, target, Samples(), per_channel=True, weight_type=quantization.QuantType.QInt8)

    def dynamic(source, target):
        quantization.quantize_dynamic(source, target, per_channel=True, weight_type=quantization.QuantType.QInt8)

    made = []
    for way in (static, dynamic):
        path = f"{folder}/{way.__name__}.onnx"
        try:
            if not os.path.exists(path):
                way(f"{folder}/float.onnx", path)
            made.append(way.__name__)
        except Exception as error:
            print(f"peers: ONNX Runtime quantises nothing ({way.__name__}): {error}", file=sys.stderr)
    return made


# ---- training ----


def read_orbit(path):
    """Snapshots of one size: features [samples, nodes, inputs], labels, adjacency without direction."""
    features, labels, joined = [], [], []
    with open(path, encoding="ascii") as file:
        for line in file:
            kind, *words = line.split()
            if kind == "S":
                features.append([])
                labels.append([])
            elif kind == "N":
                labels[-1].append(int(words[0]))
                features[-1].append([float(word) for word in words[1:]])
            elif kind == "E":
                pairs = numpy.array([word.split(",") for word in words], dtype=int).reshape(-1, 2)
                matrix = numpy.zeros((len(labels[-1]), len(labels[-1])), dtype=numpy.float32)
                matrix[pairs[:, 0], pairs[:, 1]] = matrix[pairs[:, 1], pairs[:, 0]] = 1
                joined.append(matrix)
    x = numpy.array(features, dtype=numpy.float32)
    x = (x - x.mean((0, 1))) / (x.std((0, 1)) + 1e-6)
    return (
        torch.from_numpy(numpy.clip(x, -6, 6)),
        torch.from_numpy(numpy.array(joined)),
        torch.from_numpy(numpy.array(labels, dtype=numpy.float32)),
    )


class Dense:
    """Adjacency matrices [samples, nodes, nodes]."""

    def __init__(self, joined):
        self.joined = joined
        self.degree = joined.sum(-1, keepdim=True).clamp(min=1)
        self.has = joined.sum(-1, keepdim=True) > 0
        self.mask = joined.unsqueeze(-1) > 0

    def mean(self, x):
        return self.joined @ x / self.degree

    def extreme(self, x, which):
        none = torch.full((), -1e4 if which == "amax" else 1e4)
        with torch.no_grad():
            taken = torch.where(self.mask, x.unsqueeze(1), none)
            place = (taken.max(2) if which == "amax" else taken.min(2)).indices
        return x.gather(1, place) * self.has


def dense_batch(network, x, joined):
    return network(x, Dense(joined))


def sparse_batch(network, x, joined):
    """One graph of all samples."""
    nodes = x.shape[1]
    sample, source, target = joined.nonzero(as_tuple=True)
    edges = torch.stack([sample * nodes + source, sample * nodes + target])
    flat = x.reshape(-1, x.shape[2])
    return network(flat, Scattered(edges, len(flat))).reshape(x.shape[:2])


def one_epoch(network, optimiser, schedule, samples, run_batch):
    x, joined, label = samples
    order = torch.randperm(len(x))
    for at in range(0, len(x), BATCH):
        chosen = order[at : at + BATCH]
        keep = (torch.rand(len(chosen), x.shape[1]) >= LEFT_OUT).float()
        near = joined[chosen] * keep.unsqueeze(1) * keep.unsqueeze(2)
        logit = run_batch(network, x[chosen], near)
        loss = nn.functional.binary_cross_entropy_with_logits(logit, label[chosen], reduction="none")
        loss = (loss * keep).sum() / keep.sum()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()


def time_epochs(samples, epochs, run_batch):
    """The median of so many epochs, in seconds, after one that does not count."""
    torch.manual_seed(1)
    network = Network(DROPPED).train()
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    steps = (epochs + 1) * ((len(samples[0]) + BATCH - 1) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=WARM_UP)
    took = []
    for _ in range(epochs + 1):
        begun = time.perf_counter()
        one_epoch(network, optimiser, schedule, samples, run_batch)
        took.append(time.perf_counter() - begun)
    return float(numpy.median(took[1:]))


def epochs(samples, count):
    return [
        ("dense", lambda: time_epochs(samples, count, dense_batch)),
        ("sparse", lambda: time_epochs(samples, count, sparse_batch)),
    ]
