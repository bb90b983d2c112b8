/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/cmd_model_report.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "healctl/show_training.h"
#include "os/file.h"

static int check_kinds(const struct heal_call *call, const struct heal_dataset *set, const char *path,
                       const struct heal_model_wants *wants) {
    if (wants->kinds > 0 && set->kinds != wants->kinds + 1)
        return heal_call_fail(call, HEAL_EXIT_FAILED, "%s: %u kinds: the network knows %u", path, set->kinds,
                              wants->kinds + 1);
    for (unsigned k = 0; k < wants->kinds; k++) {
        if (strcmp(set->kind[k + 1], wants->kind[k]) != 0)
            return heal_call_fail(call, HEAL_EXIT_FAILED, "%s: kind %u is %s: the network's is %s", path,
                                  k + 1, set->kind[k + 1], wants->kind[k]);
    }
    return HEAL_EXIT_OK;
}

int heal_cmd_model_check_set(const struct heal_call *call, const struct heal_dataset *set, const char *path,
                             const struct heal_model_wants *wants) {
    struct heal_error error = {0};

    if (heal_answers_check(set->graphs, wants->feature, wants->inputs, &error) < 0)
        return heal_call_fail(call, HEAL_EXIT_FAILED, "%s: %s", path, error.what);
    return check_kinds(call, set, path, wants);
}

/* Whole, or not at all. */
static int draw(const struct heal_call *call, const struct heal_sheet *sheet, const char *path) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    if (!out)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    heal_sheet_write(sheet, out);
    if (fclose(out) != 0)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    int r = heal_file_save(path, text, length);
    return r < 0 ? heal_call_fail(call, HEAL_EXIT_FAILED, "%s: %s", path, strerror(-r)) : HEAL_EXIT_OK;
}

static void print(const struct heal_call *call, const struct heal_sheet *sheet, const json_t *report) {
    struct heal_page page;

    if (call->json) {
        heal_page_json(call->out, report);
        return;
    }
    heal_page_init(&page, call->out, NULL);
    if (sheet->course) {
        heal_show_course(&page, report);
        fputc('\n', call->out);
    }
    heal_show_tried(&page, report);
}

int heal_cmd_model_report(const struct heal_call *call, const struct heal_sheet *sheet, json_t *report) {
    const char *picture = heal_call_option(call, "--picture");
    int r = 0;

    for (unsigned i = 0; i < sheet->sets; i++)
        r |= json_object_set_new(report, sheet->tried[i].name, heal_report_tried(&sheet->tried[i]));
    if (r != 0) {
        json_decref(report);
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    }
    print(call, sheet, report);
    json_decref(report);
    return picture ? draw(call, sheet, picture) : HEAL_EXIT_OK;
}
