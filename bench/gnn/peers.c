/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "peers.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct peers {
    pid_t child;
    FILE *orders, *answers;
};

static void find_python(char *path, size_t size) {
    const char *own = getenv("HEAL_PEERS"), *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

    if (own)
        snprintf(path, size, "%s/bin/python", own);
    else if (cache)
        snprintf(path, size, "%s/heald/peers/bin/python", cache);
    else
        snprintf(path, size, "%s/.cache/heald/peers/bin/python", home ? home : "");
}

static void run_python(int socket, const char *python, const char *folder) {
    if (dup2(socket, STDIN_FILENO) >= 0 && dup2(socket, STDOUT_FILENO) >= 0)
        execl(python, python, "-B", "-W", "ignore", HEAL_BENCH_PEERS, folder, (char *)NULL);
    perror(python);
    _exit(127);
}

static struct peers *start(const char *python, const char *folder) {
    struct peers *peers = calloc(1, sizeof *peers);
    int pair[2];

    if (!peers || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        free(peers);
        return NULL;
    }
    peers->child = fork();
    if (peers->child == 0)
        run_python(pair[1], python, folder);
    close(pair[1]);
    peers->answers = fdopen(pair[0], "r");
    peers->orders = fdopen(dup(pair[0]), "w");
    return peers->child > 0 && peers->answers && peers->orders ? peers : peers_free(peers);
}

struct peers *peers_new(const char *folder) {
    char python[4096];

    find_python(python, sizeof python);
    if (access(python, X_OK) < 0) {
        fprintf(stderr, "gnn: no peers to compare with: there is no %s; ./dev peers makes it\n", python);
        return NULL;
    }
    signal(SIGPIPE, SIG_IGN);
    struct peers *peers = start(python, folder);
    if (!peers)
        perror("gnn: the peers");
    return peers;
}

struct peers *peers_free(struct peers *peers) {
    if (!peers)
        return NULL;
    if (peers->orders) {
        fflush(peers->orders);
        shutdown(fileno(peers->orders), SHUT_WR); /* no more orders: it ends */
        fclose(peers->orders);
    }
    if (peers->answers)
        fclose(peers->answers);
    if (peers->child > 0)
        waitpid(peers->child, NULL, 0);
    free(peers);
    return NULL;
}

json_t *peers_ask(struct peers *peers, const char *order) {
    char *line = NULL;
    size_t size = 0;
    json_t *answer = NULL;

    if (!peers)
        return NULL;
    fprintf(peers->orders, "%s\n", order);
    fflush(peers->orders);
    if (getline(&line, &size, peers->answers) > 0)
        answer = json_loads(line, 0, NULL);
    free(line);
    if (!json_is_object(answer)) {
        fprintf(stderr, "gnn: the peers did not answer \"%s\"\n", order);
        json_decref(answer);
        return NULL;
    }
    return answer;
}
