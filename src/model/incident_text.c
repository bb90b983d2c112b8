/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* An incident as a record's value. Ranks, evidence and steps are groups: each begins with its own name and
 * the pairs that follow belong to it. */
#include "base/cleanup.h"
#include "base/pairs.h"
#include "base/text.h"
#include "heal/status.h"

#include <errno.h>
#include <string.h>

static void write_head(struct heal_text *text, const struct heal_incident_status *incident) {
    heal_text_pair_u64(text, "id", incident->id);
    heal_text_pair_u64(text, "role", incident->role);
    heal_text_pair_hex(text, "owner", incident->owner);
    heal_text_pair_text(text, "node", incident->node, sizeof incident->node);
    heal_text_pair_text(text, "other", incident->other, sizeof incident->other);
    heal_text_pair_text(text, "ifname", incident->ifname, sizeof incident->ifname);
    heal_text_pair_text(text, "service", incident->service, sizeof incident->service);
    if (incident->mesh[0] != '\0')
        heal_text_pair_text(text, "mesh", incident->mesh, sizeof incident->mesh);
    heal_text_pair_u64(text, "first-seen", incident->first_seen);
    heal_text_pair_u64(text, "opened", incident->opened);
    if (incident->diagnosed != incident->opened) {
        heal_text_pair_u64(text, "diagnosed", incident->diagnosed);
        heal_text_pair_text(text, "opened-as", heal_diagnosis_slug(incident->opened_as), HEAL_NAME_MAX);
    }
    heal_text_pair_u64(text, "healed", incident->healed);
    heal_text_pair_u64(text, "closed", incident->closed);
    heal_text_pair_bool(text, "refuted", incident->refuted);
    if (incident->withdrawn)
        heal_text_pair_bool(text, "withdrawn", true);
    heal_text_pair_i64(text, "label", incident->label);
    const char *suppressed = heal_suppression_name(incident->suppressed);
    heal_text_pair_text(text, "suppressed", suppressed ? suppressed : "", HEAL_NAME_MAX);
    if (incident->cut_off > 0)
        heal_text_pair_u64(text, "cut-off", incident->cut_off);
    if (incident->others[0] != '\0')
        heal_text_pair_text(text, "others", incident->others, sizeof incident->others);
}

static void write_evidence(struct heal_text *text, const struct heal_evidence *evidence) {
    heal_text_pair_text(text, "evidence", evidence->what, sizeof evidence->what);
    heal_text_pair_text(text, "unit", evidence->unit, sizeof evidence->unit);
    heal_text_pair_float(text, "seen", evidence->seen);
    if (evidence->has_normal)
        heal_text_pair_float(text, "normal", evidence->normal);
    if (evidence->has_threshold)
        heal_text_pair_float(text, "threshold", evidence->threshold);
    heal_text_pair_u64(text, "samples", evidence->samples);
}

static void write_step(struct heal_text *text, const struct heal_step_status *step, bool changes) {
    heal_text_pair_text(text, "step", heal_remedy_slug(step->remedy), HEAL_NAME_MAX);
    heal_text_pair_text(text, "state", heal_step_state_name(step->state), HEAL_NAME_MAX);
    heal_text_pair_u64(text, "started", step->started);
    heal_text_pair_u64(text, "settled", step->settled);
    heal_text_pair_u64(text, "commands", step->commands);
    if (step->target[0] != '\0')
        heal_text_pair_text(text, "target", step->target, sizeof step->target);
    heal_text_pair_text(text, "rule", step->rule, sizeof step->rule);
    if (changes && step->changed[0] != '\0')
        heal_text_pair_text(text, "changed", step->changed, sizeof step->changed);
    heal_text_pair_text(text, "outcome", step->outcome, sizeof step->outcome);
}

static bool write_all(const struct heal_incident_status *incident, bool changes, char *buffer, size_t size) {
    struct heal_text text;
    heal_text_init(&text, buffer, size);
    write_head(&text, incident);
    for (size_t i = 0; i < incident->ranks; i++) {
        heal_text_pair_text(&text, "rank", heal_diagnosis_slug(incident->ranked[i].diagnosis), HEAL_NAME_MAX);
        heal_text_pair_float(&text, "confidence", incident->ranked[i].confidence);
    }
    for (size_t i = 0; i < incident->evidences; i++)
        write_evidence(&text, &incident->evidence[i]);
    for (size_t i = 0; i < incident->steps; i++)
        write_step(&text, &incident->step[i], changes);
    return !text.cut;
}

/* What was changed is for people to read: where there is no room for all, the rest is what must be kept. */
int heal_incident_format(const struct heal_incident_status *incident, char *buffer, size_t size) {
    return write_all(incident, true, buffer, size) || write_all(incident, false, buffer, size) ? 0 : -ENOSPC;
}

struct field {
    const char *name;
    int (*read)(struct heal_pairs *pairs, struct heal_incident_status *incident);
};

static struct heal_evidence *last_evidence(struct heal_incident_status *incident) {
    return incident->evidences > 0 ? &incident->evidence[incident->evidences - 1] : NULL;
}

static struct heal_step_status *last_step(struct heal_incident_status *incident) {
    return incident->steps > 0 ? &incident->step[incident->steps - 1] : NULL;
}

static int orphan(struct heal_pairs *pairs) {
    return heal_pairs_refuse(pairs, "this pair belongs to nothing before it");
}

#define READ_TEXT(function, member)                                                                          \
    static int function(struct heal_pairs *pairs, struct heal_incident_status *incident) {                   \
        return heal_pairs_text(pairs, incident->member, sizeof incident->member);                            \
    }
#define READ_TIME(function, member)                                                                          \
    static int function(struct heal_pairs *pairs, struct heal_incident_status *incident) {                   \
        return heal_pairs_u64(pairs, 0, UINT64_MAX, &incident->member);                                      \
    }
READ_TEXT(read_node, node)
READ_TEXT(read_other, other)
READ_TEXT(read_ifname, ifname)
READ_TEXT(read_service, service)
READ_TEXT(read_mesh, mesh)
READ_TIME(read_id, id)
READ_TIME(read_first_seen, first_seen)
READ_TIME(read_opened, opened)
READ_TIME(read_diagnosed, diagnosed)
READ_TIME(read_healed, healed)
READ_TIME(read_closed, closed)

static int read_owner(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    return heal_pairs_hex(pairs, &incident->owner);
}

static int read_opened_as(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    char slug[HEAL_NAME_MAX];
    int r = heal_pairs_text(pairs, slug, sizeof slug);
    if (r < 0)
        return r;
    return heal_diagnosis_parse(slug, &incident->opened_as) < 0
               ? heal_pairs_refuse(pairs, "no such diagnosis")
               : 0;
}

static int read_refuted(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    return heal_pairs_bool(pairs, &incident->refuted);
}

static int read_withdrawn(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    return heal_pairs_bool(pairs, &incident->withdrawn);
}

/* A reason that only a later version knows is none here. */
static int read_suppressed(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    char slug[80];
    int r = heal_pairs_text(pairs, slug, sizeof slug);
    if (r < 0)
        return r;
    incident->suppressed = HEAL_NOT_SUPPRESSED;
    for (unsigned i = HEAL_NOT_SUPPRESSED + 1; i < HEAL_SUPPRESSIONS; i++)
        if (strcmp(heal_suppression_name((enum heal_suppression)i), slug) == 0)
            incident->suppressed = (enum heal_suppression)i;
    return 0;
}

static int read_cut_off(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    uint32_t count;
    int r = heal_pairs_u32(pairs, 0, UINT16_MAX, &count);
    if (r == 0)
        incident->cut_off = (uint16_t)count;
    return r;
}

static int read_others(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    return heal_pairs_text(pairs, incident->others, sizeof incident->others);
}

static int read_role(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    uint32_t role;
    int r = heal_pairs_u32(pairs, 0, HEAL_ROLE_UPSTREAM, &role);
    if (r == 0)
        incident->role = (enum heal_role)role;
    return r;
}

static int read_label(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    int64_t label;
    int r = heal_pairs_i64(pairs, -1, 1, &label);
    if (r == 0)
        incident->label = (int8_t)label;
    return r;
}

static int read_rank(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    char slug[HEAL_NAME_MAX];
    if (incident->ranks == HEAL_RANKED_MAX)
        return heal_pairs_refuse(pairs, "more than %d ranks", HEAL_RANKED_MAX);
    int r = heal_pairs_text(pairs, slug, sizeof slug);
    if (r < 0)
        return r;
    if (heal_diagnosis_parse(slug, &incident->ranked[incident->ranks].diagnosis) < 0)
        return heal_pairs_refuse(pairs, "no such diagnosis");
    incident->ranks++;
    return 0;
}

static int read_confidence(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    return incident->ranks > 0 ? heal_pairs_float(pairs, &incident->ranked[incident->ranks - 1].confidence)
                               : orphan(pairs);
}

static int read_evidence(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    if (incident->evidences == HEAL_EVIDENCE_MAX)
        return heal_pairs_refuse(pairs, "more than %d lines of evidence", HEAL_EVIDENCE_MAX);
    struct heal_evidence *evidence = &incident->evidence[incident->evidences++];
    return heal_pairs_text(pairs, evidence->what, sizeof evidence->what);
}

static int read_unit(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    struct heal_evidence *evidence = last_evidence(incident);
    return evidence != NULL ? heal_pairs_text(pairs, evidence->unit, sizeof evidence->unit) : orphan(pairs);
}

static int read_seen(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    struct heal_evidence *evidence = last_evidence(incident);
    return evidence != NULL ? heal_pairs_float(pairs, &evidence->seen) : orphan(pairs);
}

static int read_normal(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    struct heal_evidence *evidence = last_evidence(incident);
    if (!evidence)
        return orphan(pairs);
    evidence->has_normal = true;
    return heal_pairs_float(pairs, &evidence->normal);
}

static int read_threshold(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    struct heal_evidence *evidence = last_evidence(incident);
    if (!evidence)
        return orphan(pairs);
    evidence->has_threshold = true;
    return heal_pairs_float(pairs, &evidence->threshold);
}

static int read_samples(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    struct heal_evidence *evidence = last_evidence(incident);
    return evidence != NULL ? heal_pairs_u32(pairs, 0, UINT32_MAX, &evidence->samples) : orphan(pairs);
}

static int read_step(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    char slug[HEAL_NAME_MAX];
    if (incident->steps == HEAL_STEPS_MAX)
        return heal_pairs_refuse(pairs, "more than %d steps", HEAL_STEPS_MAX);
    int r = heal_pairs_text(pairs, slug, sizeof slug);
    if (r < 0)
        return r;
    if (heal_remedy_parse(slug, &incident->step[incident->steps].remedy) < 0)
        return heal_pairs_refuse(pairs, "no such remedy");
    incident->steps++;
    return 0;
}

static int read_state(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    unsigned index;
    struct heal_step_status *step = last_step(incident);
    if (!step)
        return orphan(pairs);
    int r = heal_pairs_choice(pairs, heal_step_state_names, &index);
    if (r == 0)
        step->state = (enum heal_step_state)index;
    return r;
}

static int read_started(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    struct heal_step_status *step = last_step(incident);
    return step != NULL ? heal_pairs_u64(pairs, 0, UINT64_MAX, &step->started) : orphan(pairs);
}

static int read_settled(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    struct heal_step_status *step = last_step(incident);
    return step != NULL ? heal_pairs_u64(pairs, 0, UINT64_MAX, &step->settled) : orphan(pairs);
}

static int read_commands(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    struct heal_step_status *step = last_step(incident);
    uint32_t commands;
    int r = step != NULL ? heal_pairs_u32(pairs, 0, UINT16_MAX, &commands) : orphan(pairs);
    if (r == 0)
        step->commands = (uint16_t)commands;
    return r;
}

static int read_target(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    struct heal_step_status *step = last_step(incident);
    return step != NULL ? heal_pairs_text(pairs, step->target, sizeof step->target) : orphan(pairs);
}

static int read_rule(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    struct heal_step_status *step = last_step(incident);
    return step != NULL ? heal_pairs_text(pairs, step->rule, sizeof step->rule) : orphan(pairs);
}

static int read_changed(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    struct heal_step_status *step = last_step(incident);
    return step != NULL ? heal_pairs_text(pairs, step->changed, sizeof step->changed) : orphan(pairs);
}

static int read_outcome(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    struct heal_step_status *step = last_step(incident);
    return step != NULL ? heal_pairs_text(pairs, step->outcome, sizeof step->outcome) : orphan(pairs);
}

static const struct field fields[] = {
    {"id",         read_id        },
    {"role",       read_role      },
    {"owner",      read_owner     },
    {"node",       read_node      },
    {"other",      read_other     },
    {"ifname",     read_ifname    },
    {"service",    read_service   },
    {"mesh",       read_mesh      },
    {"first-seen", read_first_seen},
    {"opened",     read_opened    },
    {"diagnosed",  read_diagnosed },
    {"opened-as",  read_opened_as },
    {"healed",     read_healed    },
    {"closed",     read_closed    },
    {"refuted",    read_refuted   },
    {"withdrawn",  read_withdrawn },
    {"label",      read_label     },
    {"suppressed", read_suppressed},
    {"cut-off",    read_cut_off   },
    {"others",     read_others    },
    {"rank",       read_rank      },
    {"confidence", read_confidence},
    {"evidence",   read_evidence  },
    {"unit",       read_unit      },
    {"seen",       read_seen      },
    {"normal",     read_normal    },
    {"threshold",  read_threshold },
    {"samples",    read_samples   },
    {"step",       read_step      },
    {"state",      read_state     },
    {"started",    read_started   },
    {"settled",    read_settled   },
    {"commands",   read_commands  },
    {"target",     read_target    },
    {"rule",       read_rule      },
    {"changed",    read_changed   },
    {"outcome",    read_outcome   },
};

static int read_field(struct heal_pairs *pairs, struct heal_incident_status *incident) {
    const char *names[HEAL_COUNT(fields) + 1] = {NULL};
    for (size_t i = 0; i < HEAL_COUNT(fields); i++) {
        names[i] = fields[i].name;
        if (heal_pairs_is(pairs, fields[i].name))
            return fields[i].read(pairs, incident);
    }
    return heal_pairs_unknown(pairs, names);
}

/* Before there was a name for a mesh its interface stood in place of a service. */
static void mend_older(struct heal_incident_status *incident) {
    if (incident->ranked[0].diagnosis != HEAL_GATEWAY_LOST || incident->mesh[0] != '\0')
        return;
    heal_name_copy(incident->mesh, sizeof incident->mesh, incident->service);
    incident->service[0] = '\0';
}

/* Where nothing is said of a later one, the first diagnosis stands. */
static void take_first_diagnosis(struct heal_incident_status *incident) {
    if (incident->diagnosed != 0)
        return;
    incident->diagnosed = incident->opened;
    incident->opened_as = incident->ranked[0].diagnosis;
}

int heal_incident_parse(const char *text, struct heal_incident_status *ret_incident,
                        struct heal_error *error) {
    struct heal_incident_status incident = {.label = -1};
    struct heal_pairs pairs;
    heal_pairs_init(&pairs, text, strlen(text), error);
    int r;
    while ((r = heal_pairs_next(&pairs)) > 0) {
        r = read_field(&pairs, &incident);
        if (r < 0)
            return r;
    }
    if (r < 0)
        return r;
    if (incident.id == 0 || incident.ranks == 0)
        return heal_error_set(error, -EINVAL, 1, 1, "an incident needs an id and a rank");
    mend_older(&incident);
    take_first_diagnosis(&incident);
    *ret_incident = incident;
    return 0;
}
