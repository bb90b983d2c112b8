/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "trial/witness.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

enum { LINE_MAX_BYTES = 512 };

/** How far one node's trace has been read. */
struct trace {
    char path[HEAL_LAB_PATH_MAX];
    long offset;
};

struct heal_witness {
    unsigned nodes, turn; /* turn: the node to ask next */
    struct trace trace[];
};

int heal_witness_new(const struct heal_lab *lab, struct heal_witness **ret_witness) {
    unsigned nodes = heal_lab_topology(lab)->nodes;
    struct heal_witness *witness = calloc(1, sizeof *witness + nodes * sizeof witness->trace[0]);

    if (!witness)
        return -ENOMEM;
    witness->nodes = nodes;
    for (unsigned i = 0; i < nodes; i++)
        heal_lab_file(lab, (int)i, "decisions", witness->trace[i].path);
    *ret_witness = witness;
    return 0;
}

struct heal_witness *heal_witness_free(struct heal_witness *witness) {
    free(witness);
    return NULL;
}

static int parse_kind(const char *name, size_t length, enum heal_decision_kind *ret_kind) {
    for (unsigned kind = 0; kind < HEAL_DECISION_KINDS; kind++) {
        const char *candidate = heal_decision_name((enum heal_decision_kind)kind);

        if (strlen(candidate) == length && strncmp(candidate, name, length) == 0) {
            *ret_kind = (enum heal_decision_kind)kind;
            return 0;
        }
    }
    return -EINVAL;
}

int heal_sighting_parse(const char *line, struct heal_decision *ret_decision) {
    static const char incident[] = "incident=";
    struct heal_decision decision = {0};
    char *end;
    double seconds = strtod(line, &end);
    const char *kind = end + (*end == ' ');
    size_t length = strcspn(kind, " ");

    if (end == line || !isdigit((unsigned char)line[0]) || !(seconds < 1e12) ||
        parse_kind(kind, length, &decision.kind) < 0)
        return -EINVAL;
    decision.time = (heal_us)(seconds * 1e6 + 0.5);
    kind += length + (kind[length] == ' ');
    if (strncmp(kind, incident, sizeof incident - 1) == 0)
        decision.incident = strtoull(kind + sizeof incident - 1, NULL, 10);
    heal_name_copy(decision.text, sizeof decision.text, kind);
    *ret_decision = decision;
    return 0;
}

/* A whole line at the trace's offset, if there is one. A heald that was started anew has begun it anew. */
static bool read_line(struct trace *trace, char line[static LINE_MAX_BYTES]) {
    FILE *in = fopen(trace->path, "re");
    struct stat about;
    bool whole = false;

    if (!in)
        return false;
    if (fstat(fileno(in), &about) == 0 && about.st_size < trace->offset)
        trace->offset = 0;
    if (fseek(in, trace->offset, SEEK_SET) == 0 && fgets(line, LINE_MAX_BYTES, in)) {
        size_t length = strlen(line);

        whole = length > 0 && (line[length - 1] == '\n' || length == LINE_MAX_BYTES - 1);
        if (whole)
            trace->offset += (long)length;
        line[strcspn(line, "\n")] = '\0';
    }
    fclose(in);
    return whole;
}

bool heal_witness_next(struct heal_witness *witness, struct heal_sighting *ret_sighting) {
    char line[LINE_MAX_BYTES];

    for (unsigned asked = 0; asked < witness->nodes;) {
        unsigned node = witness->turn;

        if (!read_line(&witness->trace[node], line)) {
            witness->turn = (node + 1) % witness->nodes;
            asked++;
            continue;
        }
        if (heal_sighting_parse(line, &ret_sighting->decision) < 0)
            continue;
        ret_sighting->node = node;
        return true;
    }
    return false;
}
