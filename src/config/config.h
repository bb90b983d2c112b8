/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The configuration of one heald as plain data: what the YAML files, the environment and the built-in
 * defaults add up to. Copy it, compare it, throw it away: it owns no memory. One option table (option.h)
 * stands behind all of this: reader, defaults, explanations, manual, environment, differences.
 *
 * Nothing here does I/O: texts come from the caller; os/config_files.h reads the files. A configuration is
 * built whole, checked, and then swapped in: after an error, throw away what was being built.
 */
#ifndef HEAL_CONFIG_CONFIG_H
#define HEAL_CONFIG_CONFIG_H

#include "heal/error.h"
#include "heal/settings.h"

/** Where the package puts the network's model. */
#define HEAL_CONFIG_MODEL_DEFAULT "/usr/share/heald/port.safetensors"

enum {
    HEAL_CONFIG_PATH_MAX = 256,      /**< a path, with its NUL */
    HEAL_CONFIG_SOCKET_MAX = 108,    /**< sun_path of sockaddr_un, with its NUL */
    HEAL_CONFIG_HELPER_MAX = 96,     /**< a folder that a socket is in, with its NUL */
    HEAL_CONFIG_LISTEN_MAX = 64,     /**< "ADDRESS:PORT" or "[ADDRESS]:PORT", with its NUL */
    HEAL_CONFIG_COMMAND_MAX = 1024,  /**< all arguments of a command, each with its NUL */
    HEAL_CONFIG_ARGUMENTS_MAX = 32,  /**< arguments of a command */
    HEAL_CONFIG_FILES_MAX = 64,      /**< files that one configuration may come from */
    HEAL_CONFIG_ORIGINS_MAX = 384,   /**< single values in a configuration (checked by a test) */
    HEAL_CONFIG_NAME_MAX = 64,       /**< the full name of an option, with its NUL */
    HEAL_CONFIG_TEXT_MAX = 1 << 18,  /**< room for any configuration written as YAML */
    HEAL_CONFIG_INPUT_MAX = 1 << 20, /**< bytes of one file */
};

enum heal_config_log {
    HEAL_CONFIG_LOG_ERROR,
    HEAL_CONFIG_LOG_WARNING,
    HEAL_CONFIG_LOG_INFO,
    HEAL_CONFIG_LOG_DEBUG,
    HEAL_CONFIG_LOGS,
};

enum heal_config_routing {
    HEAL_CONFIG_ROUTING_NONE,
    HEAL_CONFIG_ROUTING_BABELD,
    HEAL_CONFIG_ROUTING_BATMAN_ADV,
    HEAL_CONFIG_ROUTINGS,
};

/** Where signal and counters of the radios are read. */
enum heal_config_radio {
    HEAL_CONFIG_RADIO_NONE,
    HEAL_CONFIG_RADIO_NL80211, /**< the kernel */
    HEAL_CONFIG_RADIOS,
};

/** Where the node's CPU and memory are read. */
enum heal_config_node_source {
    HEAL_CONFIG_NODE_HOST,      /**< /proc/stat, /proc/meminfo */
    HEAL_CONFIG_NODE_PROCESSES, /**< the sum over this PID namespace's processes, against the two below */
    HEAL_CONFIG_NODE_SOURCES,
};

/** A command: its arguments one after the other, each with its NUL; the first is an absolute path. */
struct heal_config_command {
    uint8_t arguments; /**< 0: no command */
    uint16_t used;     /**< bytes of text */
    char text[HEAL_CONFIG_COMMAND_MAX];
};

/** What only the shell needs to know of a watched service; service[i] goes with settings.service[i]. */
struct heal_config_service {
    char pidfile[HEAL_CONFIG_PATH_MAX]; /**< empty: none */
    char cgroup[HEAL_CONFIG_PATH_MAX];  /**< its folder; empty: none */
    char unit[HEAL_CONFIG_PATH_MAX];    /**< its systemd unit; empty: none */
    struct heal_config_command restart;
};

/** Where a value was last set. */
struct heal_config_origin {
    uint32_t line; /**< 0: no place in a text */
    uint16_t column;
    uint8_t file; /**< 0: built-in default; 1: the environment; else file[file - 2] of the origins */
};

struct heal_config_origins {
    uint8_t files;
    char file[HEAL_CONFIG_FILES_MAX][HEAL_CONFIG_PATH_MAX];
    struct heal_config_origin value[HEAL_CONFIG_ORIGINS_MAX];
};

struct heal_config {
    struct heal_settings settings; /**< what the engine takes */
    char node[HEAL_NAME_MAX];      /**< empty: the host's name (heal_config_load fills it in) */
    char state[HEAL_CONFIG_PATH_MAX];
    char socket[HEAL_CONFIG_SOCKET_MAX];
    char user[HEAL_NAME_MAX];            /**< that heald becomes; empty: it stays who it is */
    char helper[HEAL_CONFIG_HELPER_MAX]; /**< the helper's folder */
    enum heal_config_log log;
    bool admin_read_all;
    char admin_read_group[HEAL_NAME_MAX], admin_act_group[HEAL_NAME_MAX]; /**< empty: none */
    char metrics_listen[HEAL_CONFIG_LISTEN_MAX];                          /**< empty: off */
    struct heal_address mesh_address;                                     /**< zero: none */
    uint16_t mesh_port, mesh_probe_port;
    char mesh_interfaces[HEAL_CONFIG_PATH_MAX]; /**< that may be acted on, a blank between; empty: all */
    enum heal_config_routing routing;
    char routing_socket[HEAL_CONFIG_SOCKET_MAX];
    char routing_interface[HEAL_IFNAME_MAX]; /**< the mesh interface of batman-adv */
    enum heal_config_node_source node_source;
    float cpu_capacity;    /**< CPUs; 0: the host's */
    uint64_t memory_bytes; /**< 0: the host's */
    enum heal_config_radio radio;
    char radio_file[HEAL_CONFIG_PATH_MAX];                 /**< in place of `radio`; empty: none */
    struct heal_config_service service[HEAL_SERVICES_MAX]; /**< settings.services of them */
    char detector_model[HEAL_CONFIG_PATH_MAX];             /**< the network's file; empty: none */
    struct heal_config_command notify_hook;
    struct heal_config_origins origins;
};

/** An error and the file (or "environment") that it is in. */
struct heal_config_error {
    char file[HEAL_CONFIG_PATH_MAX]; /**< empty: no file */
    struct heal_error error;
};

/** Writes "FILE:LINE:COLUMN: what", leaving out what is not known. @return @p buffer, cut to @p size. */
const char *heal_config_error_format(const struct heal_config_error *error, char *buffer, size_t size);

/** Fills in the built-in defaults. */
void heal_config_init(struct heal_config *config);

/**
 * Lays a YAML text over @p config: what it names changes, the rest stays. A service is known by its name: a
 * new name adds one, a known one changes it.
 * @param file_name for messages and origins. @param error may be NULL. @return 0 or a negative errno.
 */
int heal_config_read_text(struct heal_config *config, const char *text, size_t length, const char *file_name,
                          struct heal_config_error *error);

/** The same for a file of policy.d, which may hold nothing but `policy`. */
int heal_config_read_policy(struct heal_config *config, const char *text, size_t length,
                            const char *file_name, struct heal_config_error *error);

/**
 * Lays the environment over @p config: HEALD_MODE sets `mode`, HEALD_METRICS_LISTEN `metrics.listen`; lists
 * are written as in YAML. Services are not taken from it. Names that it does not know are passed over:
 * Kubernetes sets HEALD_SERVICE_HOST and its like for a service called heald.
 * @param environment "NAME=VALUE" strings, NULL after the last.
 */
int heal_config_read_environment(struct heal_config *config, const char *const *environment,
                                 struct heal_config_error *error);

/** Sets one option by its full name, e.g. "policy.link-loss.for", from the text that YAML would have. */
int heal_config_set(struct heal_config *config, const char *name, const char *value,
                    struct heal_config_error *error);

/** Checks what concerns more than one value; the error names the place where the value at fault was set. */
int heal_config_check(const struct heal_config *config, struct heal_config_error *error);

/**
 * What a good configuration leaves open and an operator may want to know of.
 * @return the @p index-th note, a constant line without a full stop; NULL past the last.
 */
const char *heal_config_note(const struct heal_config *config, size_t index);

enum heal_config_style {
    HEAL_CONFIG_PLAIN,     /**< values only */
    HEAL_CONFIG_ORIGINS,   /**< each with a comment: where it was set */
    HEAL_CONFIG_EXPLAINED, /**< each below a comment: what it is for (`config defaults`) */
};

/** Writes @p config as a YAML file that reads back to the same. @return its length, or -ENOSPC. */
int heal_config_write(const struct heal_config *config, enum heal_config_style style, char *buffer,
                      size_t size);

/**
 * Explains an option in words: what it is for, unit, range, default, environment name, reload.
 * @param name a full name ("probe.fast"), what several begin with ("policy.link-loss"), one of a kind
 * ("policy.*.for"), or a section ("probe").
 * @return the length written; -ENOENT for an unknown name, with the nearest in @p error; -ENOSPC.
 */
int heal_config_explain(const char *name, char *buffer, size_t size, struct heal_config_error *error);

/** Writes the options as the body of a manual's section (man(7) macros). @return its length or -ENOSPC. */
int heal_config_manual(char *buffer, size_t size);

/** Writes the name of the @p index-th option, as explain takes it. @return false past the last. */
bool heal_config_option_name(size_t index, char buffer[static HEAL_CONFIG_NAME_MAX]);

/** One difference. @p restart: it takes effect only when heald starts anew. */
struct heal_config_difference {
    const char *name, *before, *after;
    bool restart;
};

/** Calls @p each for every value that differs (origins do not count). @return how many. */
size_t heal_config_differences(const struct heal_config *before, const struct heal_config *after,
                               void (*each)(void *context, const struct heal_config_difference *difference),
                               void *context);

/** Fills @p ret_argv for execv, NULL at its end; it points into @p command. @return the arguments. */
size_t heal_config_command_argv(const struct heal_config_command *command,
                                char *ret_argv[static HEAL_CONFIG_ARGUMENTS_MAX + 1]);

/** @return the index of the service called @p name, or -ENOENT. */
int heal_config_service_find(const struct heal_config *config, const char *name);

const char *heal_config_log_name(enum heal_config_log log);

#endif
