/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The mesh below IP that this node is part of (batman-adv), as it is set here: plain data inside the world.
 * It routes by itself; heald tunes it. What its neighbours pass on is with their ports.
 */
#ifndef HEAL_MODEL_MESH_H
#define HEAL_MODEL_MESH_H

#include "heal/reading.h"

enum { HEAL_MESH_INTERFACES_MAX = 8 };

struct heal_mesh_interface {
    heal_us at;
    struct heal_reading_hard is;
};

struct heal_mesh {
    heal_us at; /**< 0: there is none */
    struct heal_reading_mesh is;
    bool withheld; /**< heald itself keeps this node from offering the way out that it was set to offer */
    size_t interfaces;
    struct heal_mesh_interface interface[HEAL_MESH_INTERFACES_MAX];
};

#endif
