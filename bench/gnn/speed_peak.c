/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The most that a vector unit can do: as many independent sums as hide how long one takes, all in registers.
 */
#include "gnn/kernel.h"
#include "speed.h"

#include <string.h>
#include <time.h>

static double seconds(clockid_t clock) {
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double speed_now_s(void) {
    return seconds(CLOCK_MONOTONIC);
}

double speed_busy_s(void) {
    return seconds(CLOCK_THREAD_CPUTIME_ID);
}

#ifdef __x86_64__
#include <immintrin.h>

enum { ROUNDS = 20000, SUMS_512 = 24, SUMS = 12 };

/* Keeps a sum from being left out, and from being worked out at once. */
#define KEEP(sum) __asm__ volatile("" : "+v"(sum))
#define KEEP_YMM(sum) __asm__ volatile("" : "+x"(sum))

__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"))) static uint64_t add_512(void) {
    __m512i sum[SUMS_512], input = _mm512_set1_epi8(3), weight = _mm512_set1_epi8(5);

#pragma GCC unroll 24
    for (int s = 0; s < SUMS_512; s++)
        sum[s] = _mm512_setzero_si512();
    for (int round = 0; round < ROUNDS; round++) {
#pragma GCC unroll 24
        for (int s = 0; s < SUMS_512; s++) {
            sum[s] = _mm512_dpbusd_epi32(sum[s], input, weight);
            KEEP(sum[s]);
        }
    }
    return (uint64_t)ROUNDS * SUMS_512 * 64;
}

__attribute__((target("avx2,avxvnni"))) static uint64_t add_vnni(void) {
    __m256i sum[SUMS], input = _mm256_set1_epi8(3), weight = _mm256_set1_epi8(5);

#pragma GCC unroll 12
    for (int s = 0; s < SUMS; s++)
        sum[s] = _mm256_setzero_si256();
    for (int round = 0; round < ROUNDS; round++) {
#pragma GCC unroll 12
        for (int s = 0; s < SUMS; s++) {
            sum[s] = _mm256_dpbusd_avx_epi32(sum[s], input, weight);
            KEEP_YMM(sum[s]);
        }
    }
    return (uint64_t)ROUNDS * SUMS * 32;
}

/* Without what signs cost. */
__attribute__((target("avx2"))) static uint64_t add_256(void) {
    __m256i sum[SUMS], input = _mm256_set1_epi8(3), weight = _mm256_set1_epi8(5), one = _mm256_set1_epi16(1);

#pragma GCC unroll 12
    for (int s = 0; s < SUMS; s++)
        sum[s] = _mm256_setzero_si256();
    for (int round = 0; round < ROUNDS; round++) {
#pragma GCC unroll 12
        for (int s = 0; s < SUMS; s++) {
            __m256i products = _mm256_maddubs_epi16(input, weight);

            KEEP_YMM(products);
            sum[s] = _mm256_add_epi32(sum[s], _mm256_madd_epi16(products, one));
            KEEP_YMM(sum[s]);
        }
    }
    return (uint64_t)ROUNDS * SUMS * 32;
}

__attribute__((target("sse4.1"))) static uint64_t add_128(void) {
    __m128i sum[SUMS], input = _mm_set1_epi8(3), weight = _mm_set1_epi8(5), one = _mm_set1_epi16(1);

#pragma GCC unroll 12
    for (int s = 0; s < SUMS; s++)
        sum[s] = _mm_setzero_si128();
    for (int round = 0; round < ROUNDS; round++) {
#pragma GCC unroll 12
        for (int s = 0; s < SUMS; s++) {
            __m128i products = _mm_maddubs_epi16(input, weight);

            KEEP_YMM(products);
            sum[s] = _mm_add_epi32(sum[s], _mm_madd_epi16(products, one));
            KEEP_YMM(sum[s]);
        }
    }
    return (uint64_t)ROUNDS * SUMS * 16;
}

static const struct {
    const struct heal_gnn_kernel *kernel;
    uint64_t (*add)(void);
} adders[] = {
    {&heal_gnn_kernel_avx512,  add_512 },
    {&heal_gnn_kernel_avxvnni, add_vnni},
    {&heal_gnn_kernel_avx2,    add_256 },
    {&heal_gnn_kernel_sse41,   add_128 },
};

double speed_peak(const struct heal_gnn_kernel *kernel) {
    size_t a = 0;

    while (a < sizeof adders / sizeof adders[0] && adders[a].kernel != kernel)
        a++;
    if (a == sizeof adders / sizeof adders[0])
        return 0;
    double best = 0;
    for (int i = 0; i < 5; i++) { /* the best: an interruption makes it no slower than it is */
        double begun = speed_busy_s();
        uint64_t products = adders[a].add();
        double rate = (double)products / (speed_busy_s() - begun);

        best = rate > best ? rate : best;
    }
    return best;
}
#else
double speed_peak(const struct heal_gnn_kernel *kernel) {
    (void)kernel;
    return 0;
}
#endif
