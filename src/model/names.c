/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/cleanup.h"
#include "heal/event.h"
#include "heal/status.h"
#include "model/world.h"

static const char *const command_names[HEAL_COMMAND_KINDS] = {
    [HEAL_COMMAND_SEND] = "send",
    [HEAL_COMMAND_PACE] = "pace",
    [HEAL_COMMAND_TRANSIT] = "transit",
    [HEAL_COMMAND_STORE] = "store",
    [HEAL_COMMAND_ROUTE_ADD] = "route-add",
    [HEAL_COMMAND_ROUTE_DELETE] = "route-delete",
    [HEAL_COMMAND_LINK_COST] = "link-cost",
    [HEAL_COMMAND_LINK_MTU] = "link-mtu",
    [HEAL_COMMAND_LINK_BOUNCE] = "link-bounce",
    [HEAL_COMMAND_SERVICE_RESTART] = "service-restart",
    [HEAL_COMMAND_SERVICE_SHED] = "service-shed",
    [HEAL_COMMAND_QUARANTINE] = "quarantine",
    [HEAL_COMMAND_FORWARDING] = "forwarding",
    [HEAL_COMMAND_ROUTES_REFRESH] = "routes-refresh",
    [HEAL_COMMAND_MESH_RENEW] = "mesh-renew",
    [HEAL_COMMAND_TUNE] = "tune",
    [HEAL_COMMAND_NOTIFY] = "notify",
};

const char *const heal_tuning_names[HEAL_TUNINGS + 1] = {
    [HEAL_TUNE_PENALTY] = "penalty",       [HEAL_TUNE_OVERRIDE] = "override", [HEAL_TUNE_ELP] = "elp",
    [HEAL_TUNE_ORIGINATOR] = "originator", [HEAL_TUNE_GATEWAY] = "gateway",   [HEAL_TUNE_CHANNEL] = "channel",
    [HEAL_TUNE_POWER] = "power",
};

const char *const heal_slot_names[HEAL_SLOTS + 1] = {
    [HEAL_SLOT_ACTIVE] = "active", [HEAL_SLOT_SHADOW] = "shadow"};

const char *const heal_feature_names[HEAL_FEATURES + 1] = {
    [HEAL_FEATURE_RSSI] = "rssi",       [HEAL_FEATURE_SNR] = "snr",
    [HEAL_FEATURE_LOSS] = "loss",       [HEAL_FEATURE_LINK_AGE] = "link-age",
    [HEAL_FEATURE_LATENCY] = "latency", [HEAL_FEATURE_THROUGHPUT] = "throughput",
    [HEAL_FEATURE_CPU] = "cpu",         [HEAL_FEATURE_MEMORY] = "memory",
};

static const char *const decision_names[HEAL_DECISION_KINDS] = {
    [HEAL_DECISION_OBSERVATION] = "observation",
    [HEAL_DECISION_SYMPTOM] = "symptom",
    [HEAL_DECISION_INCIDENT] = "incident",
    [HEAL_DECISION_DIAGNOSIS] = "diagnosis",
    [HEAL_DECISION_PLAN] = "plan",
    [HEAL_DECISION_SUPPRESSED] = "suppressed",
    [HEAL_DECISION_COMMAND] = "command",
    [HEAL_DECISION_OUTCOME] = "outcome",
    [HEAL_DECISION_FEEDBACK] = "feedback",
};

const char *const heal_step_state_names[HEAL_STEP_STATES + 1] = {
    [HEAL_STEP_PLANNED] = "planned", [HEAL_STEP_RECORDING] = "recording", [HEAL_STEP_DRAINING] = "draining",
    [HEAL_STEP_ACTING] = "acting",   [HEAL_STEP_VERIFYING] = "verifying", [HEAL_STEP_HOLDING] = "holding",
    [HEAL_STEP_UNDOING] = "undoing", [HEAL_STEP_DONE] = "done",           [HEAL_STEP_FAILED] = "failed",
    [HEAL_STEP_WOULD] = "would",
};

static const char *const suppression_names[HEAL_SUPPRESSIONS] = {
    [HEAL_SUPPRESSED_PAUSED] = "paused",
    [HEAL_SUPPRESSED_WAITING] = "waiting",
    [HEAL_SUPPRESSED_CONFIDENCE] = "confidence",
    [HEAL_SUPPRESSED_COOLDOWN] = "cooldown",
    [HEAL_SUPPRESSED_BUDGET] = "budget",
    [HEAL_SUPPRESSED_STORM] = "storm",
    [HEAL_SUPPRESSED_MIN_NEIGHBOURS] = "min-neighbours",
    [HEAL_SUPPRESSED_EXHAUSTED] = "exhausted",
    [HEAL_SUPPRESSED_EVIDENCE] = "evidence-not-saved",
    [HEAL_SUPPRESSED_OPERATOR] = "operator",
};

const char *const heal_operator_verb_names[HEAL_OPERATOR_VERBS + 1] = {
    [HEAL_OPERATOR_MODE] = "mode",         [HEAL_OPERATOR_PAUSE] = "pause",
    [HEAL_OPERATOR_RESUME] = "resume",     [HEAL_OPERATOR_LABEL] = "label",
    [HEAL_OPERATOR_MISSED] = "missed",     [HEAL_OPERATOR_UNDO] = "undo",
    [HEAL_OPERATOR_DETECTOR] = "detector", [HEAL_OPERATOR_VERDICT] = "verdict",
    [HEAL_OPERATOR_TRUTH] = "truth",       [HEAL_OPERATOR_ACTIVATE] = "activate",
};

static const char *name_in(const char *const *names, size_t count, unsigned index) {
    return index < count ? names[index] : NULL;
}

const char *heal_command_name(enum heal_command_kind kind) {
    return name_in(command_names, HEAL_COUNT(command_names), (unsigned)kind);
}

const char *heal_decision_name(enum heal_decision_kind kind) {
    return name_in(decision_names, HEAL_COUNT(decision_names), (unsigned)kind);
}

const char *heal_step_state_name(enum heal_step_state state) {
    return name_in(heal_step_state_names, HEAL_STEP_STATES, (unsigned)state);
}

const char *heal_step_state_words(enum heal_step_state state) {
    return state == HEAL_STEP_WOULD ? "would be done in mode act" : heal_step_state_name(state);
}

const char *heal_role_name(enum heal_role role) {
    static const char *const names[] = {
        [HEAL_ROLE_OWNER] = "owner", [HEAL_ROLE_END] = "end", [HEAL_ROLE_UPSTREAM] = "upstream"};
    return name_in(names, HEAL_COUNT(names), (unsigned)role);
}

const char *heal_suppression_name(enum heal_suppression reason) {
    return name_in(suppression_names, HEAL_COUNT(suppression_names), (unsigned)reason);
}

bool heal_command_is_act(enum heal_command_kind kind) {
    return kind >= HEAL_COMMAND_ROUTE_ADD && kind < HEAL_COMMAND_NOTIFY;
}
