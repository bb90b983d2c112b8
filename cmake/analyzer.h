/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Put before every file that clang-tidy looks at (./dev lint). It cannot see across files that heal_error_set
 * returns the code that it is given; without that, every error path would seem to go on as if all were well.
 */
#ifndef HEAL_ANALYZER_H
#define HEAL_ANALYZER_H

#include "heal/error.h"

#define heal_error_set(error, code, ...) ((void)heal_error_set(error, code, __VA_ARGS__), (code))

#endif
