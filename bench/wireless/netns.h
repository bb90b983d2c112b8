/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The network namespaces that are the guest's nodes ("n0"): what is opened while one is entered belongs to
 * that node for good. Who enters one returns before anything else.
 */
#ifndef BENCH_WIRELESS_NETNS_H
#define BENCH_WIRELESS_NETNS_H

/** @return a descriptor to return with, or a negative errno. */
int netns_enter(const char *name);
/** Goes back to where netns_enter() was called, and closes @p back. @return 0 or a negative errno. */
int netns_return(int back);

/** Opens a socket in a namespace. @return it, or a negative errno. */
int netns_socket(const char *name, int family, int type, int protocol);

#endif
