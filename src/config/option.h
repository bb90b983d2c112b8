/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The option table: everything that can be configured, one row each. The reader's schema, the defaults, the
 * explanations, the manual, the environment names and the differences at a reload all come from it. A new
 * option is one field in struct heal_config and one row in option.c.
 *
 * A *slot* is one value in a configuration: a row, and for the rows that exist many times which of them
 * (which metric's threshold, which diagnosis' policy, which service).
 */
#ifndef HEAL_CONFIG_OPTION_H
#define HEAL_CONFIG_OPTION_H

#include "config/config.h"

enum { HEAL_OPTION_KEYS_MAX = 32 /**< keys in a section, and the NULL */ };

enum heal_option_type {
    HEAL_OPTION_NAME,     /**< char[]: letters, digits, `.`, `_`, `-` */
    HEAL_OPTION_PATH,     /**< char[]: absolute, without `..` */
    HEAL_OPTION_UNIT,     /**< char[]: a systemd unit */
    HEAL_OPTION_WORDS,    /**< char[]: words of letters, digits, `.`, `_`, `:`, `/`, `-`, a blank between */
    HEAL_OPTION_LISTEN,   /**< char[]: address and port; `off` is held as empty */
    HEAL_OPTION_COMMAND,  /**< struct heal_config_command */
    HEAL_OPTION_ADDRESS,  /**< struct heal_address; none is held as zero */
    HEAL_OPTION_CHOICE,   /**< an enum */
    HEAL_OPTION_BOOL,     /**< bool */
    HEAL_OPTION_DURATION, /**< heal_us; min and max in microseconds */
    HEAL_OPTION_MILLIS,   /**< uint16_t milliseconds; min and max in microseconds */
    HEAL_OPTION_SIZE,     /**< uint64_t bytes */
    HEAL_OPTION_NUMBER,   /**< float */
    HEAL_OPTION_COUNT,    /**< uint16_t */
    HEAL_OPTION_STEPS,    /**< the steps of a struct heal_policy */
    HEAL_OPTION_TYPES,
};

/** Where a row's field is: in what, and how many of it there are. */
enum heal_option_group {
    HEAL_GROUP_CONFIG,    /**< struct heal_config, once */
    HEAL_GROUP_SERVICE,   /**< settings.service[], a service each */
    HEAL_GROUP_SHELL,     /**< service[], of the same services */
    HEAL_GROUP_THRESHOLD, /**< settings.threshold[], a metric each */
    HEAL_GROUP_POLICY,    /**< settings.policy[], a diagnosis each */
    HEAL_GROUPS,
};

struct heal_option {
    const char *section; /**< "" for a key at the top */
    const char *key;
    enum heal_option_type type;
    enum heal_option_group group;
    size_t offset, size;      /**< of the field, in what the group says */
    double min, max;          /**< of a quantity */
    const char *const *names; /**< of a choice, NULL after the last */
    const char *fallback;     /**< the default; NULL: what heal_settings_init gives */
    bool optional;            /**< of a text: may be empty */
    bool restart;             /**< a change takes effect only when heald starts anew */
    const char *what;         /**< what it is for, in one line */
};

struct heal_option_slot {
    const struct heal_option *option;
    unsigned index; /**< which metric, diagnosis or service; else 0 */
};

/** @return the @p index-th row, or NULL past the last. Rows of one section and of one group are together. */
const struct heal_option *heal_option_at(size_t index);
/** @return the row of a key in a section, or NULL. */
const struct heal_option *heal_option_find(const char *section, const char *key);
/** Lists the keys that may be in a section; "": the sections and the keys at the top. @return how many, with
 * a NULL after the last. */
size_t heal_option_keys(const char *section, const char *ret_keys[static HEAL_OPTION_KEYS_MAX]);
/** @return true for a row that exists once for each service. */
bool heal_option_is_service(const struct heal_option *option);
/** @return how many of a group's rows there may be. */
unsigned heal_option_instances(enum heal_option_group group);
/** @return the name of a group's @p index-th: of the metric, the diagnosis, the service; "" for the rest. */
const char *heal_option_instance_name(const struct heal_option_slot *slot, const struct heal_config *config);

/** Steps through all slots, table order, all instances of a row's group; start with {NULL, 0}. @return false
 * past the last. */
bool heal_option_next(struct heal_option_slot *slot);
/** @return the slot's number, less than HEAL_CONFIG_ORIGINS_MAX. */
size_t heal_option_number(const struct heal_option_slot *slot);
/** Writes the full name: "policy.link-loss.for", "services.worker.unit". @p config may be NULL unless the
 * row is a service's. @return @p buffer. */
const char *heal_option_name(const struct heal_option_slot *slot, const struct heal_config *config,
                             char buffer[static HEAL_CONFIG_NAME_MAX]);
/** Writes the name of the row: "policy.*.for". @return @p buffer. */
const char *heal_option_pattern(const struct heal_option *option, char buffer[static HEAL_CONFIG_NAME_MAX]);
/** Writes the environment's name for an option's: HEALD_POLICY_LINK_LOSS_FOR. @return @p buffer. */
const char *heal_option_variable(const char *name, char buffer[static HEAL_CONFIG_NAME_MAX + 8]);

/** @return the slot's field in @p config. */
void *heal_option_field(const struct heal_option_slot *slot, struct heal_config *config);
const void *heal_option_value(const struct heal_option_slot *slot, const struct heal_config *config);
/** Notes where a slot's value was set. */
void heal_option_set_origin(const struct heal_option_slot *slot, struct heal_config *config,
                            struct heal_config_origin origin);

/** Writes a row's range or choices as words: "20ms to 1min", "observe, warn or act". @return @p buffer. */
const char *heal_option_range(const struct heal_option *option, char *buffer, size_t size);

#endif
