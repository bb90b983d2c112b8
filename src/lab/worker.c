/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* heal-lab-worker: the lab's small processes. `service restart NAME` is what heald.yaml gives as the restart
 * command of a watched service; `traffic FD` sends and counts the background traffic; `relay FD` delays
 * packets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/traffic_share.h"
#include "lab/worker_relay.h"
#include "lab/worker_service.h"

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "service") == 0 && strcmp(argv[2], "restart") == 0)
        return heal_worker_service_restart(argv[3]);
    if (argc == 3 && strcmp(argv[1], "traffic") == 0)
        return heal_worker_traffic(atoi(argv[2]));
    if (argc == 3 && strcmp(argv[1], "relay") == 0)
        return heal_worker_relay(atoi(argv[2]));
    fprintf(stderr, "usage: heal-lab-worker service restart NAME\n");
    return 64;
}
