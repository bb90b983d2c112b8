/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Scalars and small values that every part of libheal speaks: time, node identity, addresses, the key
 * of a port. Everything here is plain data, copied by value; nothing owns memory.
 */
#ifndef HEAL_TYPES_H
#define HEAL_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** A point in time or a span, in microseconds. Points are on the caller's monotonic clock: the library has
 * none. */
typedef uint64_t heal_us;

#define HEAL_US_PER_MS UINT64_C(1000)
#define HEAL_US_PER_S UINT64_C(1000000)
#define HEAL_NEVER UINT64_MAX

/** A node, by the 64-bit FNV-1a hash of its name; 0 is "no node". */
typedef uint64_t heal_node_id;

enum {
    HEAL_NAME_MAX = 32,     /**< a node's or service's name, with its NUL */
    HEAL_IFNAME_MAX = 16,   /**< IFNAMSIZ */
    HEAL_ADDRESS_TEXT = 48, /**< an address as text, with its NUL */
    HEAL_PATH_MAX = 16,     /**< nodes on a path through the mesh */
    HEAL_MTU_MIN = 1280,    /**< what every IPv6 link must carry (RFC 8200, 5): below it there is no IPv6 */
};

/** An IPv6 address in network order; an IPv4 address is held as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2). */
struct heal_address {
    uint8_t byte[16];
};

/** A destination: an address and its prefix length (0 to 128). */
struct heal_prefix {
    struct heal_address address;
    uint8_t length;
};

/** One end of a link on this node: the interface, and the neighbour's link-local address on it. */
struct heal_port_key {
    char ifname[HEAL_IFNAME_MAX];
    struct heal_address peer;
};

/** @return the id of the node called @p name (at most HEAL_NAME_MAX - 1 bytes count). */
heal_node_id heal_node_id_of(const char *name);

/* Here, because the tables of routes are searched with them. */
static inline bool heal_address_equal(const struct heal_address *a, const struct heal_address *b) {
    return memcmp(a->byte, b->byte, sizeof a->byte) == 0;
}
static inline bool heal_prefix_equal(const struct heal_prefix *a, const struct heal_prefix *b) {
    return a->length == b->length && heal_address_equal(&a->address, &b->address);
}
static inline bool heal_port_key_equal(const struct heal_port_key *a, const struct heal_port_key *b) {
    return heal_address_equal(&a->peer, &b->peer) &&
           (memcmp(a->ifname, b->ifname, sizeof a->ifname) == 0 || /* and what follows the NUL */
            strncmp(a->ifname, b->ifname, sizeof a->ifname) == 0);
}
bool heal_address_is_zero(const struct heal_address *a);
/** @return whether it is an IPv4 address. */
bool heal_address_is_mapped(const struct heal_address *address);
/** @return whether it is link-local (fe80::/10; RFC 4291, 2.5.6). */
bool heal_address_is_link_local(const struct heal_address *address);

/**
 * Reads an IPv6 or IPv4 address in its usual text form.
 * @return 0, or -EINVAL with @p ret_address untouched.
 */
int heal_address_parse(const char *text, struct heal_address *ret_address);

/** Reads "ADDRESS" or "ADDRESS/LENGTH"; an IPv4 length counts from its own 0 to 32. @return 0 or -EINVAL. */
int heal_prefix_parse(const char *text, struct heal_prefix *ret_prefix);

/** Writes the canonical text (RFC 5952; IPv4 as a dotted quad). @return @p buffer. */
const char *heal_address_format(const struct heal_address *address, char buffer[static HEAL_ADDRESS_TEXT]);
const char *heal_prefix_format(const struct heal_prefix *prefix, char buffer[static HEAL_ADDRESS_TEXT]);

#endif
