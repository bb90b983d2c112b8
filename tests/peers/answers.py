# SPDX-License-Identifier: Apache-2.0
"""Reads what `answers` has written: graphs, and what heald's network says of them."""
import numpy


class Graph:
    def __init__(self, lines, inputs, kinds):
        vertices, edges = (int(word) for word in next(lines).split()[1:])
        rows = [next(lines) for _ in range(vertices)]
        self.features = numpy.array([row.split() for row in rows], dtype=numpy.float32).reshape(vertices, inputs)
        rows = [next(lines) for _ in range(edges)]
        self.edges = numpy.array([row.split() for row in rows], dtype=numpy.int64).reshape(edges, 2).T.copy()
        rows = [next(lines) for _ in range(vertices)]
        answers = numpy.array([row.split() for row in rows], dtype=numpy.float64)
        self.sick, self.sick_int8 = answers[:, 0], answers[:, 1]
        self.kind, self.kind_int8 = answers[:, 2 : 2 + kinds], answers[:, 2 + kinds :]
        classes = numpy.array(next(lines).split(), dtype=numpy.float64) if kinds else numpy.zeros(2)
        self.classes, self.classes_int8 = numpy.split(classes, 2)


class Answers:
    def __init__(self, path):
        with open(path, encoding="ascii") as file:
            lines = file.read().splitlines()
        head = lines[0].split()
        self.threshold, self.kinds, self.inputs = float(head[1]), int(head[3]), int(head[5])
        self.graphs = []
        at = iter(lines[1:])
        for _ in range(sum(line.startswith("graph ") for line in lines)):
            self.graphs.append(Graph(at, self.inputs, self.kinds))
