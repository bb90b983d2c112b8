# SPDX-License-Identifier: Apache-2.0
"""peers.py FOLDER: what PyTorch, PyTorch Geometric and ONNX Runtime take for the network that heald runs, each on one
thread. It reads orders from its standard input, one a line, and answers each with one line of JSON:

    versions             of all of them; null: not here
    grid ROWS COLUMNS    microseconds a vertex on a grid whose ends are joined, each vertex with the 8 around it
    epoch FILE EPOCHS    seconds of an epoch of training on snapshots of the orbit-mesh text

Of several ways to say the same to a library, the fastest counts. Medians of several runs, after one that does not
count; a run of more than ten seconds counts, and is the only one. What ONNX Runtime runs is PyTorch's export, in single precision and as ONNX Runtime's own tools bring it to
eight bits; the files lie in FOLDER.
"""
import importlib
import json
import statistics
import sys
import time

import numpy

INPUTS, HIDDEN, DEGREE, CHUNK = 8, 64, 8, 4096
RUN_S, RUNS = 0.02, 15
LARGE_S, RUNS_LARGE = 0.3, 2  # runs that take longer are not many
LONG_S = 10  # a run that takes longer is the only one
SLOWER = 1.5  # a way that takes so many times as long at one size is not tried at larger ones


def module(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


torch = module("torch")
geometric = module("torch_geometric")
onnxruntime = module("onnxruntime")
if torch:
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    import peers_torch


def timed(work, vertices):
    """The median of some runs, each long enough to be measured, in microseconds a vertex."""
    begun = time.perf_counter()
    work()
    first = time.perf_counter() - begun
    if first > LONG_S:
        return 1e6 * first / vertices
    begun = time.perf_counter()
    work()
    took = [time.perf_counter() - begun]
    repeats = int(RUN_S / took[0]) + 1
    for _ in range(RUNS if took[0] < LARGE_S else RUNS_LARGE):
        begun = time.perf_counter()
        for _ in range(repeats):
            work()
        took.append((time.perf_counter() - begun) / repeats)
    return 1e6 * statistics.median(took) / vertices


def neighbours_of(rows, columns):
    """[vertices, 8]: row by row, in ascending order."""
    row, column = numpy.divmod(numpy.arange(rows * columns), columns)
    around = [
        (row + down) % rows * columns + (column + right) % columns
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
        if (down, right) != (0, 0)
    ]
    return numpy.sort(numpy.stack(around, 1), 1)


def fastest(ways, given_up):
    """The least time of [(way, run)] and its way. @param given_up ways that were too slow before: more are added"""
    found = []
    for way, run in ways:
        if way in given_up:
            continue
        try:
            found.append((run(), way))
        except Exception as error:  # of memory, or what a library is not able to
            print(f"peers: {way}: {str(error).splitlines()[0]}", file=sys.stderr)
    given_up.update(way for took, way in found if took > SLOWER * min(found)[0])
    return min(found) if found else (None, None)


def session_of(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def time_session(path, given, vertices):
    session = session_of(path)
    return timed(lambda: session.run(None, given), vertices)


def grid(folder, rows, columns, given_up):
    neighbours = neighbours_of(rows, columns)
    vertices = len(neighbours)
    features = numpy.random.default_rng(2).standard_normal((vertices, INPUTS), dtype=numpy.float32)
    edges = numpy.stack([neighbours.reshape(-1), numpy.repeat(numpy.arange(vertices), DEGREE)])
    answer = {name: None for name in ("torch_us", "pyg_us", "onnx_us", "onnx_int8_us", "torch_form", "onnx_form")}
    if torch:
        ways = peers_torch.ways(features, neighbours, edges, CHUNK)
        answer["torch_us"], answer["torch_form"] = fastest(
            [(name, lambda run=run: timed(run, vertices)) for name, run in ways], given_up
        )
    if torch and geometric:
        run = peers_torch.geometric_way(features, edges)
        answer["pyg_us"], _ = fastest([("PyTorch Geometric", lambda: timed(run, vertices))], set())
    if torch and onnxruntime and peers_torch.export_padded(folder):
        given = {"features": features, "neighbours": neighbours}
        answer["onnx_us"], _ = fastest(
            [("single precision", lambda: time_session(f"{folder}/float.onnx", given, vertices))], set()
        )
        answer["onnx_int8_us"], answer["onnx_form"] = fastest(
            [
                (way, lambda way=way: time_session(f"{folder}/{way}.onnx", given, vertices))
                for way in peers_torch.quantised(folder)
            ],
            given_up,
        )
    return answer


def epoch(path, epochs):
    if not torch:
        return {"epoch_s": None, "epoch_form": None}
    samples = peers_torch.read_orbit(path)
    seconds, form = fastest([(name, lambda run=run: run()) for name, run in peers_torch.epochs(samples, epochs)], set())
    return {"epoch_s": seconds, "epoch_form": form}


def versions():
    return {
        name: getattr(library, "__version__", None)
        for name, library in (
            ("numpy", numpy),
            ("torch", torch),
            ("torch_geometric", geometric),
            ("onnxruntime", onnxruntime),
        )
    }


def main():
    folder, given_up = sys.argv[1], set()
    for line in sys.stdin:
        order, *words = line.split()
        if order == "versions":
            answer = versions()
        elif order == "grid":
            answer = grid(folder, *(int(word) for word in words), given_up)
        else:
            answer = epoch(words[0], int(words[1]))
        print(json.dumps(answer), flush=True)


main()
