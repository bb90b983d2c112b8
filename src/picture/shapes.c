/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The shapes of all marks. Each kind differs from the others in shape, not in colour alone. */
#include "picture/markup.h"
#include "picture/parts.h"
#include "picture/story.h"

static const char *const of_moment[HEAL_MOMENTS] = {
    [HEAL_MOMENT_SEEN] = "<circle r='3.5' class='hollow'/>",
    [HEAL_MOMENT_DETECTED] = "<path d='M0-6 6 0 0 6-6 0z'/>",
    [HEAL_MOMENT_ACT] = "<path d='M0-5.5 5.5 4.5H-5.5z'/>",
    [HEAL_MOMENT_WOULD] = "<path d='M0-5.5 5.5 4.5H-5.5z' class='hollow'/>",
    [HEAL_MOMENT_WORKED] = "<circle r='5.5'/><path d='M-2.6 .2-.7 2.2 3-2.2' class='cut'/>",
    [HEAL_MOMENT_FAILED] = "<path d='M-4-4 4 4M-4 4 4-4' class='stroke'/>",
    [HEAL_MOMENT_HEALED] = "<circle r='5.5'/><path d='M-3 0H3M0-3V3' class='cut'/>",
    [HEAL_MOMENT_CLOSED] = "<path d='M-4-4H4V4H-4z'/>",
};

static const char *const of_state[HEAL_STORY_STATES] = {
    [HEAL_STORY_OPEN] = "<path d='M0-8 8.5 7H-8.5z'/><path d='M0-3V2M0 4.2V4.6' class='cut'/>",
    [HEAL_STORY_HELD] = "<path d='M-7-7H7V7H-7z'/><path d='M-2.5-3V3M2.5-3V3' class='cut'/>",
    [HEAL_STORY_OVER] = "<circle r='7.5'/><path d='M-3.6 .4-1 3 4-3' class='cut'/>",
    [HEAL_STORY_FALSE] = "<circle r='6.5' class='hollow'/>",
};

void heal_shapes_write(FILE *out) {
    fputs("<svg class='shapes' width='0' height='0' aria-hidden='true'><defs>\n", out);
    for (int i = 0; i < HEAL_MOMENTS; i++)
        fprintf(out, "<g id='m-%s'>%s</g>\n", heal_moment_name((enum heal_moment_kind)i), of_moment[i]);
    for (int i = 0; i < HEAL_STORY_STATES; i++)
        fprintf(out, "<g id='s-%s'>%s</g>\n", heal_story_state_name((enum heal_story_state)i), of_state[i]);
    fputs("<g id='n-node'><circle r='8'/></g>\n"
          "<g id='n-dot'><circle r='3.5'/></g>\n"
          "<g id='m-note'><path d='M0 6-4-5H4z'/></g>\n"
          "<g id='n-self'><circle r='11' class='hollow'/><circle r='6.5'/></g>\n"
          "</defs></svg>\n",
          out);
}
