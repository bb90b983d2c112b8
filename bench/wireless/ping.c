/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wireless/ping.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wireless/netns.h"

static const heal_us in_time_us = HEAL_US_PER_S;

int ping_init(struct ping *ping, const char *netns, const char *address) {
    *ping = (struct ping){.to.sin_family = AF_INET, .id = (uint16_t)getpid()};
    if (inet_pton(AF_INET, address, &ping->to.sin_addr) != 1)
        return -EINVAL;
    ping->socket = netns_socket(netns, AF_INET, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_ICMP);
    return ping->socket < 0 ? ping->socket : 0;
}

void ping_deinit(struct ping *ping) {
    if (ping->socket >= 0)
        close(ping->socket);
    ping->socket = -1;
}

/* RFC 1071. */
static uint16_t checksum(const void *bytes, size_t length) {
    const uint8_t *at = bytes;
    uint32_t sum = 0;

    for (size_t i = 0; i + 1 < length; i += 2)
        sum += (uint32_t)(at[i] << 8 | at[i + 1]);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return htons((uint16_t)~sum);
}

void ping_send(struct ping *ping, heal_us now) {
    struct {
        struct icmphdr head;
        uint8_t data[56];
    } packet;

    if (ping->sent == PING_MAX)
        return;
    memset(&packet, 0, sizeof packet);
    packet.head.type = ICMP_ECHO;
    packet.head.un.echo.id = htons(ping->id);
    packet.head.un.echo.sequence = htons((uint16_t)ping->sent);
    packet.head.checksum = checksum(&packet, sizeof packet);
    ping->sent_at[ping->sent++] = now;
    /* One that cannot leave is lost like any other. */
    (void)sendto(ping->socket, &packet, sizeof packet, 0, (const struct sockaddr *)&ping->to,
                 sizeof ping->to);
}

static void take(struct ping *ping, const uint8_t *packet, size_t length, heal_us now) {
    struct icmphdr head;
    size_t ip_bytes = (packet[0] & 0xfU) * 4;
    unsigned sequence;

    if (length < ip_bytes + sizeof head)
        return;
    memcpy(&head, packet + ip_bytes, sizeof head);
    sequence = ntohs(head.un.echo.sequence);
    if (head.type == ICMP_ECHOREPLY && ntohs(head.un.echo.id) == ping->id && sequence < ping->sent &&
        now - ping->sent_at[sequence] <= in_time_us)
        ping->answered[sequence] = true;
}

void ping_receive(struct ping *ping, heal_us now) {
    uint8_t packet[256];
    ssize_t length;

    while ((length = recv(ping->socket, packet, sizeof packet, 0)) > 0)
        take(ping, packet, (size_t)length, now);
}

unsigned ping_sent(const struct ping *ping, heal_us since) {
    unsigned sent = 0;

    for (unsigned i = 0; i < ping->sent; i++)
        sent += ping->sent_at[i] >= since;
    return sent;
}

unsigned ping_lost(const struct ping *ping, heal_us since, heal_us *ret_last) {
    unsigned lost = 0;

    *ret_last = 0;
    for (unsigned i = 0; i < ping->sent; i++)
        if (ping->sent_at[i] >= since && !ping->answered[i]) {
            lost++;
            *ret_last = ping->sent_at[i];
        }
    return lost;
}
