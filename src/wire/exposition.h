/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Writes metrics in Prometheus's text exposition format, version 0.0.4: families with HELP and TYPE once,
 * samples with escaped labels, histograms with cumulative buckets. The caller's buffer; a sample that does
 * not fit is left out whole, and the writer remembers that.
 *
 *     heal_exposition_family(&x, "heald_ports", HEAL_EXPOSITION_GAUGE, "Ports that are known.");
 *     heal_exposition_sample(&x, 4, NULL);
 */
#ifndef HEAL_WIRE_EXPOSITION_H
#define HEAL_WIRE_EXPOSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAL_EXPOSITION_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum heal_exposition_type {
    HEAL_EXPOSITION_COUNTER,
    HEAL_EXPOSITION_GAUGE,
    HEAL_EXPOSITION_HISTOGRAM,
    HEAL_EXPOSITION_SUMMARY,
};

/** A label; a list of them ends with a NULL name. */
struct heal_exposition_label {
    const char *name, *value; /**< the value is UTF-8; what is not becomes U+FFFD */
};

struct heal_exposition {
    char *buffer;
    size_t size, length;
    bool cut;            /**< something was left out */
    const char *family;  /**< the one that samples belong to */
    const char *pending; /**< its HELP, not written yet: a family without samples is not written at all */
    enum heal_exposition_type type;
};

/** One bucket of a histogram: how many samples were at most @p bound (and above the bucket before). */
struct heal_exposition_bucket {
    double bound;
    uint64_t count;
};

/** @param size of @p buffer, at least 1. */
void heal_exposition_init(struct heal_exposition *exposition, char *buffer, size_t size);

/** Begins a family. @param name and @p help constant text. */
void heal_exposition_family(struct heal_exposition *exposition, const char *name,
                            enum heal_exposition_type type, const char *help);

/** Writes a sample of the family. @param labels NULL: none. */
void heal_exposition_sample(struct heal_exposition *exposition, double value,
                            const struct heal_exposition_label *labels);

/**
 * Writes a histogram. @param buckets rising bounds, without +Inf. @param count of all samples, those above
 * the last bound included.
 */
void heal_exposition_histogram(struct heal_exposition *exposition,
                               const struct heal_exposition_bucket *buckets, size_t bucket_count,
                               uint64_t count, double sum);

/** Writes a summary without quantiles: its sum and its count. */
void heal_exposition_summary(struct heal_exposition *exposition, uint64_t count, double sum);

#endif
