# SPDX-License-Identifier: Apache-2.0
"""run_onnx.py FOLDER: ONNX Runtime decides as heald does, in single precision and in integers."""
import sys

import numpy
import onnxruntime

from answers import Answers

folder = sys.argv[1]
failed = 0
LEVELS = onnxruntime.GraphOptimizationLevel
STEP = 1 / 1024  # of a logit in integers


def check(what, holds):
    global failed
    print(("ok   " if holds else "WRONG"), what)
    failed += not holds


def session(path, level):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def ask(path, level, graphs):
    """All graphs' answers, one after another: sick, kinds, classes."""
    asked = session(path, level)
    out = [asked.run(None, {"features": graph.features, "edges": graph.edges}) for graph in graphs]
    return [numpy.concatenate(parts) for parts in zip(*out)]


def all_of(graphs, name):
    return numpy.concatenate([getattr(graph, name) for graph in graphs])


def apart(one, other):
    return float(numpy.abs(one - other).max())


def check_float(model, answers):
    out = ask(f"{folder}/{model}-float.onnx", LEVELS.ORT_ENABLE_ALL, answers.graphs)
    sick = all_of(answers.graphs, "sick")
    flips = int(((out[0] > answers.threshold) != (sick > answers.threshold)).sum())
    check(f"{model}: float logits within 1e-4 of heald's: {apart(out[0], sick):.2g}", apart(out[0], sick) <= 1e-4)
    check(f"{model}: float decisions that differ: {flips} of {len(sick)}", flips == 0)
    for place, name in ((1, "kind"), (2, "classes")) if answers.kinds else ():
        off = apart(out[place], all_of(answers.graphs, name))
        check(f"{model}: float {name} within 1e-4: {off:.2g}", off <= 1e-4)


def check_int8(model, answers, level, title):
    out = ask(f"{folder}/{model}-int8.onnx", level, answers.graphs)
    sick = all_of(answers.graphs, "sick_int8")
    flips = int(((out[0] > answers.threshold) != (sick > answers.threshold)).sum())
    other = int((numpy.abs(out[0] - sick) > STEP / 2).sum())
    check(f"{model}, {title}: int8 decisions that differ: {flips} of {len(sick)}", flips == 0)
    # By chance a feature lies where it is brought to eight bits one way or the other: single precision differs there.
    check(f"{model}, {title}: int8 logits that are others: {other} of {len(sick)}", other <= len(sick) / 1e4)
    if answers.kinds:
        other = (numpy.abs(out[1] - all_of(answers.graphs, "kind_int8")) > STEP / 2).any(axis=1).sum()
        check(f"{model}, {title}: int8 kinds that are others: {other}", other <= len(sick) / 1e4)
        # Of many kinds' logits together heald has a table, within a thousandth.
        off = apart(out[2], all_of(answers.graphs, "classes_int8"))
        check(f"{model}, {title}: int8 classes within 0.002: {off:.2g}", off <= 2e-3)


print("onnxruntime", onnxruntime.__version__)
for name in ("trained", "random"):
    asked_of = Answers(f"{folder}/{name}.txt")
    degree = max(numpy.bincount(graph.edges[1]).max(initial=0) for graph in asked_of.graphs)
    both = all_of(asked_of.graphs, "sick") > asked_of.threshold, all_of(asked_of.graphs, "sick_int8") > asked_of.threshold
    print(f"{name}: {len(both[0])} vertices, {both[0].sum()} sick, of at most {degree} neighbours;",
          f"heald's own int8 decides {(both[0] != both[1]).sum()} otherwise than its float")
    check_float(name, asked_of)
    check_int8(name, asked_of, LEVELS.ORT_DISABLE_ALL, "as it is")
    check_int8(name, asked_of, LEVELS.ORT_ENABLE_ALL, "optimised")
sys.exit(failed > 0)
