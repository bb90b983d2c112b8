/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "knowledge/strategies.h"

#include "base/pairs.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The prior is worth this many trials, and expects success .92, .7, .48 … down the operator's list. */
static const float prior_weight = 8, prior_first = 0.92f, prior_step = 0.22f, prior_least = 0.1f;
/* A repair that takes this long is worth 1/e of one that takes no time. */
static const float patience_s = 30;
static const float risk_weight = 0.3f;

static float prior_of(unsigned rank) {
    float expected = prior_first - prior_step * (float)rank;
    return expected > prior_least ? expected : prior_least;
}

void heal_strategies_record(struct heal_strategies *strategies, enum heal_diagnosis diagnosis,
                            enum heal_remedy remedy, bool worked, float mttr_s) {
    struct heal_strategy *strategy = &strategies->of[diagnosis][remedy];
    strategy->tried++;
    if (!worked)
        return;
    strategy->worked++;
    strategy->mttr_sum_s += mttr_s;
}

static float mean_mttr_s(const struct heal_strategy *strategy) {
    return strategy->worked > 0 ? strategy->mttr_sum_s / (float)strategy->worked : 0;
}

float heal_strategies_draw(const struct heal_strategies *strategies, struct heal_random *random,
                           enum heal_diagnosis diagnosis, enum heal_remedy remedy, unsigned rank,
                           float risk) {
    const struct heal_strategy *strategy = &strategies->of[diagnosis][remedy];
    float prior = prior_of(rank) * prior_weight;
    double success =
        heal_random_beta(random, 1 + (double)prior + strategy->worked,
                         1 + (double)(prior_weight - prior) + strategy->tried - strategy->worked);
    return (float)success * expf(-mean_mttr_s(strategy) / patience_s) * (1 - risk_weight * risk);
}

struct heal_strategy_status heal_strategies_status(const struct heal_strategies *strategies,
                                                   enum heal_diagnosis diagnosis, enum heal_remedy remedy,
                                                   unsigned rank) {
    const struct heal_strategy *strategy = &strategies->of[diagnosis][remedy];
    float prior = prior_of(rank) * prior_weight;
    return (struct heal_strategy_status){
        .diagnosis = diagnosis,
        .remedy = remedy,
        .tried = strategy->tried,
        .worked = strategy->worked,
        .success = (1 + prior + (float)strategy->worked) / (2 + prior_weight + (float)strategy->tried),
        .mttr_s = mean_mttr_s(strategy),
    };
}

int heal_strategy_format(const struct heal_strategies *strategies, enum heal_diagnosis diagnosis,
                         enum heal_remedy remedy, char *key, size_t key_size, char *value,
                         size_t value_size) {
    const struct heal_strategy *strategy = &strategies->of[diagnosis][remedy];
    struct heal_text text;
    heal_text_init(&text, key, key_size);
    heal_text_add(&text, "%s/%s", heal_diagnosis_slug(diagnosis), heal_remedy_slug(remedy));
    bool cut = text.cut;
    heal_text_init(&text, value, value_size);
    heal_text_pair_u64(&text, "tried", strategy->tried);
    heal_text_pair_u64(&text, "worked", strategy->worked);
    heal_text_pair_float(&text, "mttr-sum", strategy->mttr_sum_s);
    return cut || text.cut ? -ENOSPC : 0;
}

static int parse_key(const char *key, enum heal_diagnosis *ret_diagnosis, enum heal_remedy *ret_remedy) {
    const char *slash = strchr(key, '/');
    char slug[HEAL_NAME_MAX];
    if (!slash || (size_t)(slash - key) >= sizeof slug)
        return -EINVAL;
    memcpy(slug, key, (size_t)(slash - key));
    slug[slash - key] = '\0';
    if (heal_diagnosis_parse(slug, ret_diagnosis) < 0)
        return -EINVAL;
    return heal_remedy_parse(slash + 1, ret_remedy);
}

int heal_strategy_parse(struct heal_strategies *strategies, const char *key, const char *value) {
    enum heal_diagnosis diagnosis;
    enum heal_remedy remedy;
    struct heal_strategy strategy = {0};
    struct heal_pairs pairs;
    int r = parse_key(key, &diagnosis, &remedy);
    if (r < 0)
        return r;
    heal_pairs_init(&pairs, value, strlen(value), NULL);
    while (r >= 0 && (r = heal_pairs_next(&pairs)) > 0) {
        if (heal_pairs_is(&pairs, "tried"))
            r = heal_pairs_u32(&pairs, 0, UINT32_MAX, &strategy.tried);
        else if (heal_pairs_is(&pairs, "worked"))
            r = heal_pairs_u32(&pairs, 0, UINT32_MAX, &strategy.worked);
        else if (heal_pairs_is(&pairs, "mttr-sum"))
            r = heal_pairs_float(&pairs, &strategy.mttr_sum_s);
    }
    if (r < 0 || strategy.worked > strategy.tried || strategy.mttr_sum_s < 0)
        return -EINVAL;
    strategies->of[diagnosis][remedy] = strategy;
    return 0;
}
