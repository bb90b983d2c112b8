/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/clock.h"

#include "base/clock.h"

heal_us heal_lab_now(void) {
    return heal_clock_now();
}
