# SPDX-License-Identifier: Apache-2.0
"""run_onnx.py FOLDER: ONNX Runtime decides as heald does, in single precision and by way of eight bits."""
import sys

import numpy
import onnxruntime

from answers import Answers

folder = sys.argv[1]
failed = 0


def check(what, holds):
    global failed
    print(("ok   " if holds else "WRONG"), what)
    failed += not holds


def run(name, graph):
    return sessions[name].run(None, {"features": graph.features, "edges": graph.edges})


print("onnxruntime", onnxruntime.__version__)
for model in ("trained", "random"):
    answers = Answers(f"{folder}/{model}.txt")
    sessions = {
        kind: onnxruntime.InferenceSession(f"{folder}/{model}-{kind}.onnx", providers=["CPUExecutionProvider"])
        for kind in ("float", "int8")
    }
    for session in sessions.values():
        text = session.get_modelmeta().custom_metadata_map
        assert float(text["threshold"]) == numpy.float32(answers.threshold) or abs(
            float(text["threshold"]) - answers.threshold
        ) < 1e-6
    off = kind_off = off_int8 = 0.0
    vertices = sick = flips = flips_int8 = float_flips = 0
    for graph in answers.graphs:
        out, out_int8 = run("float", graph), run("int8", graph)
        vertices += len(graph.sick)
        sick += int((graph.sick > answers.threshold).sum())
        off = max(off, numpy.abs(out[0] - graph.sick).max())
        off_int8 = max(off_int8, numpy.abs(out_int8[0] - graph.sick_int8).max())
        if answers.kinds:
            kind_off = max(kind_off, numpy.abs(out[1] - graph.kind).max())
        flips += int(((out[0] > answers.threshold) != (graph.sick > answers.threshold)).sum())
        flips_int8 += int(((out_int8[0] > answers.threshold) != (graph.sick_int8 > answers.threshold)).sum())
        float_flips += int(((graph.sick > answers.threshold) != (graph.sick_int8 > answers.threshold)).sum())
    print(f"{model}: {vertices} vertices, {sick} sick; heald's own int8 decides {float_flips} otherwise than its float")
    check(f"{model}: float logits within 1e-4 of heald's: {off:.2g}", off <= 1e-4)
    if answers.kinds:
        check(f"{model}: float kinds' logits within 1e-4: {kind_off:.2g}", kind_off <= 1e-4)
    else:
        # The threshold lies where logits are rare only in a network that has learnt something.
        check(f"{model}: float decisions that differ: {flips}", flips == 0)
        # QuantizeLinear rounds a float to even, the kernels fifteen bits half up: not the same to the bit. It
        # must be nearer to heald's integers than single precision is.
        check(
            f"{model}: int8 decisions that differ: {flips_int8} of {vertices} (logits within {off_int8:.3f})",
            flips_int8 < float_flips,
        )
sys.exit(failed > 0)
