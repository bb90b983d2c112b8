/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "net/link_socket.h"

#include "base/clock.h"
#include "base/text.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HOPS_LINK = 255, HOPS_ROUTED = 64, DATAGRAMS_PER_WAKE = 128 };

struct option_value {
    int level, name, value;
};

static int set_options(int fd) {
    static const struct option_value options[] = {
        {IPPROTO_IPV6, IPV6_V6ONLY,       1                  },
        {IPPROTO_IPV6, IPV6_UNICAST_HOPS, HOPS_LINK          },
        {IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1                  },
        {IPPROTO_IPV6, IPV6_RECVPKTINFO,  1                  },
        {IPPROTO_IPV6, IPV6_DONTFRAG,     1                  },
 /* The interface's MTU counts, not what an ICMP message says about some path. */
        {IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE},
        {SOL_SOCKET,   SO_TIMESTAMPNS,    1                  },
    };

    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (setsockopt(fd, options[i].level, options[i].name, &options[i].value, sizeof options[i].value) < 0)
            return -errno;
    }
    return 0;
}

int heal_link_socket_open(uint16_t port) {
    struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -errno;
    int r = set_options(fd);
    if (r == 0 && bind(fd, (const struct sockaddr *)&any, sizeof any) < 0)
        r = -errno;
    if (r == 0)
        return fd;
    close(fd);
    return r;
}

static int ask(int fd, unsigned long question, const char *ifname, struct ifreq *request) {
    *request = (struct ifreq){0};
    heal_name_copy(request->ifr_name, sizeof request->ifr_name, ifname);
    return ioctl(fd, question, request) < 0 ? -errno : 0;
}

int heal_link_socket_mtu(int socket, const char *ifname) {
    struct ifreq request;
    int r = ask(socket, SIOCGIFMTU, ifname, &request);

    return r < 0 ? r : request.ifr_mtu;
}

int heal_link_socket_index(int socket, const char *ifname) {
    struct ifreq request;
    int r = ask(socket, SIOCGIFINDEX, ifname, &request);

    return r < 0 ? r : request.ifr_ifindex;
}

int heal_link_socket_send(int socket, const struct heal_port_key *to, uint16_t port, const void *data,
                          size_t length) {
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int index = heal_link_socket_index(socket, to->ifname);

    if (index < 0)
        return index;
    memcpy(&address.sin6_addr, to->peer.byte, sizeof to->peer.byte);
    address.sin6_scope_id = (uint32_t)index;
    if (sendto(socket, data, length, 0, (const struct sockaddr *)&address, sizeof address) < 0)
        return -errno;
    return 0;
}

/* Appends a control message. */
static void add_control(struct msghdr *header, struct cmsghdr **at, int type, const void *data, size_t size) {
    struct cmsghdr *control = *at ? CMSG_NXTHDR(header, *at) : CMSG_FIRSTHDR(header);

    control->cmsg_level = IPPROTO_IPV6;
    control->cmsg_type = type;
    control->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(control), data, size);
    *at = control;
}

int heal_link_socket_send_routed(int socket, const struct heal_address *from, const struct heal_address *to,
                                 uint16_t port, const void *data, size_t length) {
    _Alignas(
        struct cmsghdr) char control[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int))] = {0};
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    struct iovec content = {.iov_base = (void *)data, .iov_len = length};
    struct msghdr header = {.msg_name = &address,
                            .msg_namelen = sizeof address,
                            .msg_iov = &content,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = sizeof control};
    struct in6_pktinfo source = {0};
    int hops = HOPS_ROUTED;
    struct cmsghdr *at = NULL;

    memcpy(&address.sin6_addr, to->byte, sizeof to->byte);
    memcpy(&source.ipi6_addr, from->byte, sizeof from->byte);
    add_control(&header, &at, IPV6_PKTINFO, &source, sizeof source);
    add_control(&header, &at, IPV6_HOPLIMIT, &hops, sizeof hops);
    return sendmsg(socket, &header, 0) < 0 ? -errno : 0;
}

/* The kernel stamps in real time. A clock that was just set must not make nonsense of it: an age that cannot
 * be true counts as none. */
static heal_us arrival_of(const struct timespec *stamp) {
    heal_us now = heal_clock_now(), real = heal_clock_wall(), then = heal_clock_us(stamp);

    return then <= real && real - then < HEAL_US_PER_S && real - then <= now ? now - (real - then) : now;
}

static void take_control(int socket, const struct cmsghdr *control, struct heal_datagram *datagram) {
    if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SCM_TIMESTAMPNS) {
        struct timespec stamp;

        memcpy(&stamp, CMSG_DATA(control), sizeof stamp);
        datagram->arrived = arrival_of(&stamp);
    } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_HOPLIMIT) {
        memcpy(&datagram->hop_limit, CMSG_DATA(control), sizeof datagram->hop_limit);
    } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
        struct in6_pktinfo info;
        struct ifreq request = {0};

        memcpy(&info, CMSG_DATA(control), sizeof info);
        memcpy(datagram->to.byte, &info.ipi6_addr, sizeof datagram->to.byte);
        request.ifr_ifindex = (int)info.ipi6_ifindex;
        if (ioctl(socket, SIOCGIFNAME, &request) == 0)
            heal_name_copy(datagram->from.ifname, sizeof datagram->from.ifname, request.ifr_name);
    }
}

/* @return 0, -EAGAIN when there is nothing more, or another negative errno. */
static int receive(int socket, void *buffer, size_t size, struct heal_datagram *ret_datagram) {
    _Alignas(struct cmsghdr) char control[256];
    struct sockaddr_in6 from = {0};
    struct iovec content = {.iov_base = buffer, .iov_len = size};
    struct msghdr header = {.msg_name = &from,
                            .msg_namelen = sizeof from,
                            .msg_iov = &content,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = sizeof control};
    struct heal_datagram datagram = {.hop_limit = -1};

    ssize_t length = recvmsg(socket, &header, 0);
    if (length < 0)
        return -errno;
    datagram.arrived = heal_clock_now();
    datagram.length = (size_t)length;
    datagram.truncated = (header.msg_flags & MSG_TRUNC) != 0;
    datagram.from_port = ntohs(from.sin6_port);
    memcpy(datagram.from.peer.byte, &from.sin6_addr, sizeof datagram.from.peer.byte);
    for (struct cmsghdr *at = CMSG_FIRSTHDR(&header); at; at = CMSG_NXTHDR(&header, at))
        take_control(socket, at, &datagram);
    *ret_datagram = datagram;
    return 0;
}

void heal_link_socket_drain(int socket, void *buffer, size_t size,
                            void (*take)(void *context, const uint8_t *bytes,
                                         const struct heal_datagram *datagram),
                            void *context) {
    struct heal_datagram datagram;

    for (int i = 0; i < DATAGRAMS_PER_WAKE; i++) {
        int r = receive(socket, buffer, size, &datagram);

        if (r == -EAGAIN)
            return;
        if (r == 0)
            take(context, buffer, &datagram);
    }
}
