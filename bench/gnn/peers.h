/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * PyTorch, PyTorch Geometric and ONNX Runtime, each at the same work as heald: a Python that runs peers.py,
 * which is asked in turns with heald's own measurements. `./dev peers` fetches them.
 */
#ifndef HEAL_BENCH_PEERS_H
#define HEAL_BENCH_PEERS_H

#include <jansson.h>

struct peers;

/** Starts them. @param folder where the models lie that they are to run @return NULL, and says why. */
struct peers *peers_new(const char *folder);
/** Ends them. @return NULL. */
struct peers *peers_free(struct peers *peers);

/** @param order as peers.py has them @return an object; NULL, and says so: there was no answer, or @p peers
 * is NULL. */
json_t *peers_ask(struct peers *peers, const char *order);

#endif
