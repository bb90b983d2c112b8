/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/executor.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>

struct null_executor {
    struct heal_executor base; /* first */
    bool dry;
    void (*say)(void *context, const char *text);
    int (*answer)(void *context, const struct heal_command *command);
    void *context;
};

static void null_execute(struct heal_executor *self, const struct heal_command *command, heal_on_result *done,
                         void *context) {
    struct null_executor *executor = (struct null_executor *)self;
    struct heal_event_result result = {.ticket = command->ticket};
    char words[256];
    heal_command_words(command, words, sizeof(words));
    if (executor->say) {
        executor->say(executor->context, words);
    }
    if (executor->answer) {
        result.code = executor->answer(executor->context, command);
    }
    struct heal_text text;
    heal_text_init(&text, result.text, sizeof(result.text));
    heal_text_add(&text, executor->dry ? "would %s" : "%s", words);
    done(context, &result);
}

static void null_close(struct heal_executor *self) {
    free(self);
}

static int make(const struct null_executor *like, struct heal_executor **ret_executor) {
    struct null_executor *executor = malloc(sizeof(*executor));
    if (!executor) {
        return -ENOMEM;
    }
    *executor = *like;
    executor->base = (struct heal_executor){.execute = null_execute, .close = null_close};
    *ret_executor = &executor->base;
    return 0;
}

int heal_executor_null_new(void (*say)(void *context, const char *text), void *context,
                           struct heal_executor **ret_executor) {
    return make(&(struct null_executor){.dry = true, .say = say, .context = context}, ret_executor);
}

int heal_executor_answering_new(int (*answer)(void *context, const struct heal_command *command),
                                void *context, struct heal_executor **ret_executor) {
    return make(&(struct null_executor){.answer = answer, .context = context}, ret_executor);
}
