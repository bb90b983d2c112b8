/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "trial/findings.h"

#include <stdlib.h>
#include <string.h>

#include "base/pairs.h"

void heal_findings_init(struct heal_findings *findings, const struct heal_topology *topology,
                        const struct heal_fault *fault, heal_us since) {
    memset(findings, 0, sizeof *findings);
    findings->topology = topology;
    findings->scope = heal_scope_of(fault, topology);
    findings->since = since;
}

bool heal_decision_value(const struct heal_decision *decision, const char *name, char *ret_value,
                         size_t size) {
    struct heal_pairs pairs;
    const char *text = decision->text;

    /* Words without a value, such as "opened", stand before the pairs or between them. */
    while (text) {
        size_t word = strcspn(text, " =");

        if (text[word] == '=' && word == strlen(name) && strncmp(text, name, word) == 0) {
            heal_pairs_init(&pairs, text, strlen(text), NULL);
            return heal_pairs_next(&pairs) > 0 && heal_pairs_text(&pairs, ret_value, size) == 0;
        }
        text = strchr(text, ' ');
        text = text ? text + 1 : NULL;
    }
    return false;
}

static struct heal_finding *find(struct heal_findings *findings, const struct heal_sighting *sighting) {
    for (unsigned i = 0; i < findings->findings; i++) {
        struct heal_finding *finding = &findings->finding[i];

        if (finding->observer == sighting->node && finding->incident == sighting->decision.incident)
            return finding;
    }
    return NULL;
}

static enum heal_findings_news take_opened(struct heal_findings *findings,
                                           const struct heal_sighting *sighting) {
    char node[HEAL_NAME_MAX] = "", other[HEAL_NAME_MAX] = "";
    struct heal_finding *finding;

    if (findings->findings == HEAL_FINDINGS_INCIDENTS_MAX)
        return HEAL_FINDINGS_NOTHING;
    (void)heal_decision_value(&sighting->decision, "node", node, sizeof node);
    (void)heal_decision_value(&sighting->decision, "other", other, sizeof other);
    finding = &findings->finding[findings->findings++];
    *finding = (struct heal_finding){.observer = sighting->node,
                                     .incident = sighting->decision.incident,
                                     .right_place =
                                         heal_scope_holds(&findings->scope, findings->topology, node, other),
                                     .open = true};
    if (!finding->right_place) {
        findings->incidents_elsewhere++;
        return HEAL_FINDINGS_NOTHING;
    }
    if (findings->detected != 0 && findings->detected <= sighting->decision.time)
        return HEAL_FINDINGS_NOTHING;
    findings->detected = sighting->decision.time;
    return HEAL_FINDINGS_DETECTED;
}

static enum heal_findings_news take_incident(struct heal_findings *findings,
                                             const struct heal_sighting *sighting) {
    struct heal_finding *finding;

    if (strstr(sighting->decision.text, "opened "))
        return take_opened(findings, sighting);
    finding = find(findings, sighting);
    if (finding && strstr(sighting->decision.text, "closed "))
        finding->open = false;
    return HEAL_FINDINGS_NOTHING;
}

static enum heal_findings_news take_diagnosis(struct heal_findings *findings,
                                              const struct heal_sighting *sighting) {
    const struct heal_finding *finding = find(findings, sighting);
    bool first = findings->diagnosed == 0 || sighting->decision.time < findings->diagnosed;
    char slug[HEAL_NAME_MAX] = "";

    if (!finding || !finding->right_place || !first)
        return HEAL_FINDINGS_NOTHING;
    (void)heal_decision_value(&sighting->decision, "diagnosis", slug, sizeof slug);
    if (heal_diagnosis_parse(slug, &findings->diagnosis) < 0)
        return HEAL_FINDINGS_NOTHING;
    findings->diagnosed = sighting->decision.time;
    return HEAL_FINDINGS_DIAGNOSED;
}

static enum heal_findings_news take_plan(struct heal_findings *findings,
                                         const struct heal_sighting *sighting) {
    const struct heal_finding *finding = find(findings, sighting);
    char remedy[HEAL_NAME_MAX] = "";

    (void)heal_decision_value(&sighting->decision, "remedy", remedy, sizeof remedy);
    if (strcmp(remedy, heal_remedy_slug(HEAL_NOTIFY)) == 0)
        return HEAL_FINDINGS_NOTHING;
    findings->acts++;
    if (!finding || !finding->right_place) {
        findings->acts_elsewhere++;
        return HEAL_FINDINGS_ASTRAY;
    }
    if (!findings->remedy[0])
        heal_name_copy(findings->remedy, sizeof findings->remedy, remedy);
    return HEAL_FINDINGS_ACTS;
}

enum heal_findings_news heal_findings_take(struct heal_findings *findings,
                                           const struct heal_sighting *sighting) {
    if (sighting->decision.time < findings->since)
        return HEAL_FINDINGS_NOTHING;
    switch (sighting->decision.kind) {
    case HEAL_DECISION_INCIDENT:
        return take_incident(findings, sighting);
    case HEAL_DECISION_DIAGNOSIS:
        return take_diagnosis(findings, sighting);
    case HEAL_DECISION_PLAN:
        return take_plan(findings, sighting);
    case HEAL_DECISION_OUTCOME:
        return find(findings, sighting) ? HEAL_FINDINGS_OUTCOME : HEAL_FINDINGS_NOTHING;
    case HEAL_DECISION_OBSERVATION:
    case HEAL_DECISION_SYMPTOM:
    case HEAL_DECISION_SUPPRESSED:
    case HEAL_DECISION_COMMAND:
    case HEAL_DECISION_FEEDBACK:
    case HEAL_DECISION_KINDS:
        break;
    }
    return HEAL_FINDINGS_NOTHING;
}

bool heal_findings_open(const struct heal_findings *findings) {
    for (unsigned i = 0; i < findings->findings; i++)
        if (findings->finding[i].open)
            return true;
    return false;
}
