/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "training/workers.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

struct heal_workers {
    pthread_mutex_t lock;
    pthread_cond_t begun, done;
    unsigned threads;
    pthread_t thread[HEAL_WORKERS_MAX];
    bool ends;
    /* The work at hand: parts from next on are not taken yet, open ones not done. */
    size_t parts, next, open;
    void (*work)(void *what, size_t part);
    void *what;
};

/* With the lock held; without it while it works. */
static void work_on(struct heal_workers *workers) {
    while (workers->next < workers->parts) {
        size_t part = workers->next++;

        pthread_mutex_unlock(&workers->lock);
        workers->work(workers->what, part);
        pthread_mutex_lock(&workers->lock);
        if (--workers->open == 0)
            pthread_cond_signal(&workers->done);
    }
}

static void *live(void *context) {
    struct heal_workers *workers = context;

    pthread_mutex_lock(&workers->lock);
    while (!workers->ends) {
        work_on(workers);
        if (!workers->ends)
            pthread_cond_wait(&workers->begun, &workers->lock);
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

static void run(void *context, size_t parts, void (*work)(void *what, size_t part), void *what) {
    struct heal_workers *workers = context;

    pthread_mutex_lock(&workers->lock);
    workers->parts = workers->open = parts;
    workers->next = 0;
    workers->work = work;
    workers->what = what;
    pthread_cond_broadcast(&workers->begun);
    work_on(workers);
    while (workers->open > 0)
        pthread_cond_wait(&workers->done, &workers->lock);
    pthread_mutex_unlock(&workers->lock);
}

static unsigned processors(void) {
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

    return count > HEAL_WORKERS_MAX ? HEAL_WORKERS_MAX : (unsigned)count;
}

struct heal_workers *heal_workers_new(unsigned threads) {
    struct heal_workers *workers = calloc(1, sizeof *workers);
    unsigned wanted = threads > 0 ? threads : processors();

    if (!workers)
        return NULL;
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->begun, NULL);
    pthread_cond_init(&workers->done, NULL);
    /* Whoever asks works, too. */
    while (workers->threads + 1 < wanted && workers->threads < HEAL_WORKERS_MAX &&
           pthread_create(&workers->thread[workers->threads], NULL, live, workers) == 0)
        workers->threads++;
    return workers;
}

struct heal_workers *heal_workers_free(struct heal_workers *workers) {
    if (!workers)
        return NULL;
    pthread_mutex_lock(&workers->lock);
    workers->ends = true;
    pthread_cond_broadcast(&workers->begun);
    pthread_mutex_unlock(&workers->lock);
    for (unsigned i = 0; i < workers->threads; i++)
        pthread_join(workers->thread[i], NULL);
    pthread_mutex_destroy(&workers->lock);
    pthread_cond_destroy(&workers->begun);
    pthread_cond_destroy(&workers->done);
    free(workers);
    return NULL;
}

struct heal_gnn_workers heal_workers_of(struct heal_workers *workers) {
    return (struct heal_gnn_workers){.run = run, .context = workers};
}
