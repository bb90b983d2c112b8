/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Reports on a network (training/report.h), as people read them. */
#ifndef HEAL_HEALCTL_SHOW_TRAINING_H
#define HEAL_HEALCTL_SHOW_TRAINING_H

#include "healctl/page.h"

/** How it was trained. @param report as heal_report_course makes it, with what the verb adds */
void heal_show_course(struct heal_page *page, const json_t *report);
/** How good it is. @param report has the sets that it was tried on: "validation", "test" */
void heal_show_tried(struct heal_page *page, const json_t *report);

#endif
