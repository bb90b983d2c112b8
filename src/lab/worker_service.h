/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The watched service of the lab: a process that does nothing until it is told to burn a share of a CPU or to
 * leak memory (/run/NAME.load, read on SIGHUP: "cpu=0.5 leak=1048576"). A new one is healthy: what it was
 * told ends with it. Its process id is in /run/NAME.pid.
 */
#ifndef HEAL_LAB_WORKER_SERVICE_H
#define HEAL_LAB_WORKER_SERVICE_H

/** Kills the service called @p name if it runs, waits until it is gone, and starts it anew, in the
 * background.
 * @return an exit code: 0 once the new one runs. */
int heal_worker_service_restart(const char *name);

#endif
