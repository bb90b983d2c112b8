/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/service_pid.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static FILE *open_file(const char *service, const char *mode) {
    char path[64];

    snprintf(path, sizeof path, "/run/%s.pid", service);
    return fopen(path, mode);
}

pid_t heal_service_pid_read(const char *service) {
    FILE *in = open_file(service, "re");
    char text[16] = "";
    long pid;

    if (!in)
        return 0;
    pid = fgets(text, sizeof text, in) ? strtol(text, NULL, 10) : 0;
    fclose(in);
    return pid > 1 ? (pid_t)pid : 0;
}

int heal_service_pid_write(const char *service) {
    FILE *out = open_file(service, "we");

    if (!out)
        return -errno;
    fprintf(out, "%d\n", (int)getpid());
    return fclose(out) != 0 ? -EIO : 0;
}
