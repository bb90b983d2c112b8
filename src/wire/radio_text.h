/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The lines of a radio-file: "IFNAME PEER_LL RSSI_DBM NOISE_DBM|-", which stands in for a radio's own report.
 */
#ifndef HEAL_WIRE_RADIO_TEXT_H
#define HEAL_WIRE_RADIO_TEXT_H

#include "heal/error.h"
#include "heal/reading.h"

/**
 * Reads one line. dBm are between -200 and 100.
 * @return 0; 1 for an empty line or a comment (#); -EINVAL with the column in @p error (may be NULL).
 */
int heal_radio_line_parse(const char *line, size_t length, struct heal_reading_radio *ret_radio,
                          struct heal_error *error);

#endif
