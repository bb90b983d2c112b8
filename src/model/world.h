/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The world: all that one node's loop knows at a moment, as plain data: the settings, the node, its ports,
 * services and routes, the incidents, and the output of the step under way. The engine owns it; every phase
 * of the loop reads it, and writes the part that is its own.
 */
#ifndef HEAL_MODEL_WORLD_H
#define HEAL_MODEL_WORLD_H

#include "base/random.h"
#include "model/detour.h"
#include "model/incident.h"
#include "model/mesh.h"
#include "model/port.h"
#include "model/rib.h"
#include "model/service.h"
#include "model/severed.h"
#include "model/uses.h"

enum { HEAL_REMOTES_MAX = 32, HEAL_PENDING_MAX = 256, HEAL_LEFTOVERS_MAX = HEAL_INCIDENTS_MAX };

/** An act that waits for its answer; the table is indexed by ticket, and an unanswered old one makes room. */
struct heal_pending {
    uint32_t ticket;
    uint64_t incident;
    struct heal_step *step;
};

/** A step that is still to be taken back: of an earlier run that ended meanwhile, or of this one, where that
 * failed. */
struct heal_leftover {
    bool used, ordered; /**< ordered: to be taken back; its step has what came of it */
    bool taken_over; /**< what it did is in place for new trouble: only what drained for it is taken back */
    unsigned tries;  /**< that failed */
    char why[80];    /**< the last one failed */
    uint64_t incident;
    unsigned number;
    enum heal_remedy remedy;
    struct heal_step step;
};

/** News of another node's incident. */
struct heal_remote {
    struct heal_message_incident news;
    heal_us first, at, forwarded_at;
    heal_us released_at; /**< when its owner let go of what had contained it; 0: never */
};

/** What the active network says of this node's ports; of a world without one nothing. */
struct heal_judged {
    const struct heal_judgement *judgement; /**< its owner is the network */
    size_t judgements;
    uint64_t model;
    int32_t threshold;   /**< of logits, in 1 / 1024 */
    enum heal_mode mode; /**< what may be made of it */
};

/** What has been counted since the start. */
struct heal_counts {
    uint64_t rounds;
    struct heal_feedback_status feedback;
    uint32_t incidents[HEAL_DIAGNOSES];
    uint32_t actions[HEAL_REMEDIES][3];
    uint32_t suppressed[HEAL_SUPPRESSIONS];
    float mttd_sum_s, mttr_sum_s;
    uint32_t mttd_count, mttr_count;
};

struct heal_world {
    struct heal_settings settings;
    char name[HEAL_NAME_MAX];
    heal_node_id id;
    heal_us started, now;
    heal_us round_at;       /**< of the last round; 0: there was none */
    heal_us settled_at;     /**< after a gap between rounds nothing is judged until then */
    heal_us acts_at;        /**< nor anything begun until then */
    heal_us stood_still_at; /**< this node last came so late to a round that it had stood still; 0: never */
    bool urgent;            /**< something came in that should not wait for the next round */
    bool pressing;          /**< it should not wait at all: a circle, or what an announced detour waits for */
    struct heal_random random;
    struct heal_output *output; /**< of the step under way */
    uint32_t next_ticket;
    uint64_t next_incident;
    /* what the operator said */
    enum heal_mode mode;
    bool paused;
    heal_us paused_until;
    char pause_reason[HEAL_NAME_MAX * 4];
    /* this node */
    struct heal_reading_node node;
    heal_us node_at; /**< 0: never read */
    heal_us overloaded_since;
    float cpu_normal, cpu_recent;
    struct heal_recent recent; /**< of this node */
    heal_us forwarding_off_since;
    struct heal_address address; /**< its mesh address; zero: unknown */
    size_t services;
    struct heal_service service[HEAL_SERVICES_MAX];
    size_t ports, ports_max;
    struct heal_port *port;
    bool daemon_silent; /**< the routing daemon does not answer: nothing is asked of it */
    struct heal_rib rib;
    struct heal_severed severed;
    uint32_t rib_checked;        /**< the revision that what is said of routes below speaks of */
    heal_us routes_differ_since; /**< the kernel has lacked a route of the daemon's since; 0: it has all */
    uint16_t routes_missing;
    bool uplink_known;         /**< a way out of the mesh, a default route, has been seen */
    heal_us uplink_lost_since; /**< and is gone since; 0: it is there, or never was */
    struct heal_mesh mesh;
    heal_us drops_since; /**< a foreign route has dropped a destination of the mesh since; 0: none does */
    /* what the loop thinks */
    struct heal_judged judged;
    float threshold[HEAL_METRICS];
    size_t incidents; /**< places of the table that were ever used: the first so many */
    struct heal_incident incident[HEAL_INCIDENTS_MAX];
    size_t remotes; /**< places of the table that were ever used: the first so many */
    struct heal_remote remote[HEAL_REMOTES_MAX];
    struct heal_uses uses;
    struct heal_detours detours;
    heal_us swept_at, sweep_wait_us; /**< left-over routes were last looked for; until they are again */
    struct heal_pending pending[HEAL_PENDING_MAX];
    size_t leftovers; /**< as `remotes` */
    struct heal_leftover leftover[HEAL_LEFTOVERS_MAX];
    struct heal_counts count;
};

/** @return whether the trouble that another node tells of is still there, by a word that is fresh. */
bool heal_world_news_is_open(const struct heal_world *world, const struct heal_remote *remote);

/** Forgets what a step still waits for. */
void heal_world_forget_acts(struct heal_world *world, struct heal_step *step);

/** @return how many steps are left over. */
unsigned heal_world_leftovers(const struct heal_world *world);

/** @return room for one more, or NULL. */
struct heal_leftover *heal_world_leftover_place(struct heal_world *world);

/** @return whether this node has stood still just now, so that what it has not heard was not unsaid. */
bool heal_world_stood_still(const struct heal_world *world);

/** @return whether this node is part of a mesh that routes below IP, and by itself. */
static inline bool heal_world_has_mesh(const struct heal_world *world) {
    return world->mesh.at != 0;
}

/** @return that mesh's interface of this name, as it was set lately, or NULL. */
const struct heal_reading_hard *heal_world_hard(const struct heal_world *world, const char *ifname);

/** @return the port with this key, or NULL. */
struct heal_port *heal_world_port(struct heal_world *world, const struct heal_port_key *key);
const struct heal_port *heal_world_port_const(const struct heal_world *world,
                                              const struct heal_port_key *key);

/** @return the port with this key, made if need be; NULL when there is no room. */
struct heal_port *heal_world_port_make(struct heal_world *world, const struct heal_port_key *key);

/** Takes a port out: its place is free, and another port may have moved. */
void heal_world_port_forget(struct heal_world *world, struct heal_port *port);

/** @return a port that leads straight to @p node, or NULL. */
const struct heal_port *heal_world_port_to(const struct heal_world *world, heal_node_id node);

/** @return the service with this name, or NULL. */
struct heal_service *heal_world_service(struct heal_world *world, const char *name);

/** @return the open incident about this element, or NULL. */
struct heal_incident *heal_world_incident(struct heal_world *world, const struct heal_element *element);

/** @return the incident with this id, or NULL. */
struct heal_incident *heal_world_incident_by_id(struct heal_world *world, uint64_t id);
const struct heal_incident *heal_world_incident_by_id_const(const struct heal_world *world, uint64_t id);

/** @return a cleared incident with an id, in place of the oldest closed one; NULL when all are open. */
struct heal_incident *heal_world_incident_make(struct heal_world *world);

/** @return whether an open incident concerns the link behind this port, or the node at its other end. */
bool heal_world_port_is_sick(const struct heal_world *world, const struct heal_port *port);
/** @return the same, of incidents for which the thresholds have a name: not those of the network alone. */
bool heal_world_port_is_named(const struct heal_world *world, const struct heal_port *port);

/** @return how many neighbours are heard over a link without an incident. */
size_t heal_world_neighbours_healthy(const struct heal_world *world);

/** @return on how many neighbours this node could rely without those behind an interface: one whose trouble
 * has only just ended does not count, for at the edge of a limit trouble comes and goes. */
size_t heal_world_neighbours_left(const struct heal_world *world, const char *ifname);

/** @return the policy of what the incident is most likely about. */
static inline const struct heal_policy *heal_world_policy_of(const struct heal_world *world,
                                                             const struct heal_incident *incident) {
    return &world->settings.policy[heal_incident_diagnosis(incident)];
}

/** @return whether a remedy is in that policy. */
bool heal_world_policy_has(const struct heal_world *world, const struct heal_incident *incident,
                           enum heal_remedy remedy);

/** @return how many incidents of this node's own (owner or end) are open and opened since @p since. */
size_t heal_world_incidents_open(const struct heal_world *world, heal_us since);

/** @return seconds from @p since to now; 0 for a time that is not set. */
float heal_world_seconds_since(const struct heal_world *world, heal_us since);

#endif
