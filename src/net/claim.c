/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "net/claim.h"

#include "net/socket_holder.h"

#include <errno.h>
#include <unistd.h>

#define NAME "@heald"

enum { ANSWERS = 16 };

int heal_claim_make(void) {
    struct sockaddr_un address;
    int length = heal_socket_address(NAME, &address);
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (file < 0)
        return -errno;
    if (bind(file, (const struct sockaddr *)&address, (socklen_t)length) < 0 || listen(file, SOMAXCONN) < 0) {
        int r = -errno;

        close(file);
        return r;
    }
    return file;
}

void heal_claim_answer(int claim) {
    for (int i = 0, file; i < ANSWERS && (file = accept4(claim, NULL, NULL, SOCK_CLOEXEC)) >= 0; i++)
        close(file);
}

int heal_claim_holder(uid_t user) {
    uid_t uid = 0;
    int r = heal_socket_holder(NAME, &uid);

    /* Anybody may bind a name without a file: who is none of these is no heald to wait for. Nor is who cannot
     * be told, since it lets everybody wait: a heald answers. */
    return r >= 0 && uid != 0 && uid != geteuid() && uid != user ? -EPERM : r;
}
