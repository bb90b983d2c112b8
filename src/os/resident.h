/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The memory of a long life: what only the start of a program needed is given back. */
#ifndef HEAL_OS_RESIDENT_H
#define HEAL_OS_RESIDENT_H

/**
 * Gives back what can be had again: free memory, and the pages of program and libraries that hold code and
 * constants, which the kernel maps again from the file as soon as one is touched. What is touched all the
 * time costs a few page faults, once.
 */
void heal_resident_trim(void);

#endif
