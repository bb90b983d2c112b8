/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A world made by hand, for tests of one phase of the loop: the node "here" with the neighbours "west" (port
 * 0, mesh0) and "east" (port 1, mesh1), both heard, in mode act, at 100 s. The test changes what it wants.
 */
#ifndef HEAL_TEST_SCENE_H
#define HEAL_TEST_SCENE_H

#include "model/world.h"

enum { WEST, EAST, SCENE_PORTS };

struct scene {
    struct heal_world world;
    struct heal_port port[SCENE_PORTS];
    struct heal_output output;
};

/** Fixtures for cmocka: *state is a struct scene. */
int scene_make(void **state);
int scene_unmake(void **state);

/** A destination of the mesh, by number. */
struct heal_prefix scene_prefix(unsigned number);

/** Neighbour @p port tells its path to a destination: @p hops names, NULL after the last. */
void scene_path(struct scene *scene, int port, unsigned destination, unsigned metric, ...);

/** The routing daemon has a route. */
void scene_route(struct scene *scene, int port, unsigned destination, bool installed, uint16_t metric,
                 uint16_t refmetric);

/** The kernel shows a unicast route, or its end. */
void scene_fib(struct scene *scene, int port, unsigned destination, uint8_t protocol, uint32_t metric,
               bool present);

/** An open incident of this node's own about the link to west. */
struct heal_incident *scene_link_incident(struct scene *scene, enum heal_diagnosis diagnosis);

/** An open incident of this node's own about itself, or about the service of this name. */
struct heal_incident *scene_own_incident(struct scene *scene, enum heal_diagnosis diagnosis,
                                         const char *service);

/** A service that runs and that settings allow to restart and shed. */
struct heal_service *scene_service(struct scene *scene, const char *name, float cpu);

/** @return how many commands of this kind the output holds. */
unsigned scene_count(const struct scene *scene, enum heal_command_kind kind);

/** The one command of this kind in the output, which is emptied; the test fails where there is not one. */
struct heal_command scene_take(struct scene *scene, enum heal_command_kind kind);

#endif
