# SPDX-License-Identifier: Apache-2.0
"""run_torch.py ANSWERS FOLDER: heald answers as the PyTorch Geometric module whose weights it has taken."""
import subprocess
import sys

import torch
import torch_geometric
from safetensors.torch import save_file
from torch_geometric.nn import SAGEConv

from answers import Answers
from sage import Network

program, folder = sys.argv[1:]
failed = 0
INPUTS = 8


def metadata(**more):
    return {"format": "pt", "features": ",".join(f"feature{i + 1}" for i in range(INPUTS)), **more}


def compare(what, module, **more):
    global failed
    save_file(module.state_dict(), f"{folder}/torch.safetensors", metadata=metadata(**more))
    subprocess.run([program, "torch", f"{folder}/torch.safetensors", f"{folder}/torch.txt"], check=True)
    answers = Answers(f"{folder}/torch.txt")
    off, vertices = 0.0, 0
    for graph in answers.graphs:
        x = torch.nan_to_num(torch.from_numpy(graph.features), nan=0.0).clamp(-6, 6)
        with torch.no_grad():
            sick, kind, classes = module(x, torch.from_numpy(graph.edges))
        off = max(off, (sick.double() - torch.from_numpy(graph.sick)).abs().max().item())
        if kind is not None:
            off = max(off, (kind.double() - torch.from_numpy(graph.kind)).abs().max().item())
            off = max(off, (classes.double() - torch.from_numpy(graph.classes)).abs().max().item())
        vertices += len(graph.sick)
    holds = off <= 1e-4
    print("ok   " if holds else "WRONG", f"{what}: {vertices} vertices, logits within {off:.2g}")
    failed += not holds


print("torch", torch.__version__, "torch_geometric", torch_geometric.__version__)
torch.manual_seed(5)
compare("one head", Network(INPUTS, 64))
two = Network(INPUTS, 64, kinds=3)
torch.nn.init.constant_(two.normal, 0.75)
compare("two heads", two, kinds="loss,noise,queue", threshold="0.5")
# Plain SAGEConv in both layers, the mean and the largest of all channels in the second.
plain = Network(INPUTS, 32)
plain.conv2 = SAGEConv(32, 32, aggr=["mean", "max"])
compare("plain SAGEConv", plain, layer2="mean:0+32,max:0+32")
sys.exit(failed > 0)
