/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The pid file of a watched service, /run/NAME.pid as its node sees it: the service writes it, its node's
 * init and the next one that is started read it.
 */
#ifndef HEAL_LAB_SERVICE_PID_H
#define HEAL_LAB_SERVICE_PID_H

#include <sys/types.h>

/** @return the process that a service's pid file names, whether it lives or not; 0: none. */
pid_t heal_service_pid_read(const char *service);
/** Writes that this process is the service. @return 0 or negative errno. */
int heal_service_pid_write(const char *service);

#endif
