/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A mesh as the kernel tells of it while it changes: an answer that was interrupted says who is there, and
 * not who is gone. The kernel is this program: what libmnl would send and receive ends here. */
#include "os/batadv.h"
#include "wire/netlink_frame.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/batman_adv.h>
#include <linux/genetlink.h>
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { FAMILY = 40, HARD = 7, BUFFER = 4096 };
static const uint8_t WEST[6] = {2, [5] = 1}, EAST[6] = {2, [5] = 2};

static struct {
    int ends[2]; /* what has a descriptor's options set */
    char answer[BUFFER] __attribute__((aligned(8)));
    size_t length;
    bool west, east; /* whom the mesh lists */
    uint8_t interrupts;
} kernel;

static struct {
    unsigned meshes, relays, direct, present, gone;
    struct heal_port_key last_gone;
} told;

static struct nlmsghdr *begin(const struct nlmsghdr *question, uint16_t type, uint8_t command) {
    struct nlmsghdr *head = mnl_nlmsg_put_header(kernel.answer + kernel.length);
    uint8_t asked = ((const struct genlmsghdr *)mnl_nlmsg_get_payload(question))->cmd;
    bool interrupted = kernel.interrupts != 0 && asked == kernel.interrupts;

    head->nlmsg_type = type;
    head->nlmsg_seq = question->nlmsg_seq;
    head->nlmsg_flags = interrupted ? NLM_F_DUMP_INTR | NLM_F_MULTI : NLM_F_MULTI;
    if (type >= NLMSG_MIN_TYPE) {
        struct genlmsghdr *inner = mnl_nlmsg_put_extra_header(head, sizeof *inner);
        inner->cmd = command;
        inner->version = 1;
    } else {
        *(int *)mnl_nlmsg_put_extra_header(head, sizeof(int)) = 0;
    }
    return head;
}

static void end(const struct nlmsghdr *head) {
    kernel.length += (head->nlmsg_len + 3U) / 4 * 4;
}

static void list(const struct nlmsghdr *question, uint8_t command, const uint8_t mac[6]) {
    struct nlmsghdr *head = begin(question, FAMILY, command);

    mnl_attr_put_u32(head, BATADV_ATTR_HARD_IFINDEX, HARD);
    mnl_attr_put_strz(head, BATADV_ATTR_HARD_IFNAME, "mesh0");
    mnl_attr_put(head, BATADV_ATTR_NEIGH_ADDRESS, 6, mac);
    mnl_attr_put(head, BATADV_ATTR_ORIG_ADDRESS, 6, mac);
    mnl_attr_put_u32(head, BATADV_ATTR_LAST_SEEN_MSECS, 10);
    mnl_attr_put_u8(head, BATADV_ATTR_TQ, 255);
    mnl_attr_put(head, BATADV_ATTR_FLAG_BEST, 0, NULL);
    end(head);
}

static void tell_of_mesh(const struct nlmsghdr *question) {
    struct nlmsghdr *head = begin(question, FAMILY, BATADV_CMD_GET_MESH);

    mnl_attr_put_u32(head, BATADV_ATTR_MESH_IFINDEX, if_nametoindex("lo"));
    mnl_attr_put_u32(head, BATADV_ATTR_ORIG_INTERVAL, 1000);
    end(head);
}

static void tell_of_family(const struct nlmsghdr *question) {
    struct nlmsghdr *head = begin(question, GENL_ID_CTRL, CTRL_CMD_NEWFAMILY);

    mnl_attr_put_u16(head, CTRL_ATTR_FAMILY_ID, FAMILY);
    end(head);
}

static void answer(const struct nlmsghdr *question) {
    uint8_t command = ((const struct genlmsghdr *)mnl_nlmsg_get_payload(question))->cmd;
    bool lists = command == BATADV_CMD_GET_NEIGHBORS || command == BATADV_CMD_GET_ORIGINATORS;

    kernel.length = 0;
    if (question->nlmsg_type == GENL_ID_CTRL)
        tell_of_family(question);
    else if (command == BATADV_CMD_GET_MESH)
        tell_of_mesh(question);
    if (question->nlmsg_type == FAMILY && lists && kernel.west)
        list(question, command, WEST);
    if (question->nlmsg_type == FAMILY && lists && kernel.east)
        list(question, command, EAST);
    end(begin(question, question->nlmsg_flags & NLM_F_ACK ? NLMSG_ERROR : NLMSG_DONE, 0));
}

/* In place of libmnl's. */
struct mnl_socket *mnl_socket_open2(int bus, int flags) {
    (void)bus;
    assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | flags, 0, kernel.ends), 0);
    return (struct mnl_socket *)&kernel;
}

int mnl_socket_bind(struct mnl_socket *socket, unsigned int groups, pid_t pid) {
    (void)socket, (void)groups, (void)pid;
    return 0;
}

int mnl_socket_get_fd(const struct mnl_socket *socket) {
    (void)socket;
    return kernel.ends[0];
}

int mnl_socket_close(struct mnl_socket *socket) {
    (void)socket;
    close(kernel.ends[0]);
    return close(kernel.ends[1]);
}

ssize_t mnl_socket_sendto(const struct mnl_socket *socket, const void *bytes, size_t length) {
    (void)socket;
    answer(bytes);
    return (ssize_t)length;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *socket, void *buffer, size_t size) {
    (void)socket;
    assert_true(kernel.length <= size);
    memcpy(buffer, kernel.answer, kernel.length);
    return (ssize_t)kernel.length;
}

static void take(void *context, const struct heal_reading *reading) {
    (void)context;
    told.meshes += reading->kind == HEAL_READING_MESH;
    told.relays += reading->kind == HEAL_READING_RELAY;
    told.direct += reading->kind == HEAL_READING_RELAY && reading->relay.direct;
    if (reading->kind != HEAL_READING_NEIGHBOUR)
        return;
    *(reading->neighbour.present ? &told.present : &told.gone) += 1;
    if (!reading->neighbour.present)
        told.last_gone = reading->neighbour.port;
}

static void read_round(struct heal_batadv *batadv, bool west, bool east, uint8_t interrupts) {
    static const struct heal_reading_sink sink = {.take = take};

    memset(&told, 0, sizeof told);
    kernel.west = west;
    kernel.east = east;
    kernel.interrupts = interrupts;
    assert_int_equal(heal_batadv_read(batadv, &sink), 0);
}

static void test_an_interrupted_answer_takes_nobody_away(void **state) {
    static const uint8_t commands[] = {BATADV_CMD_GET_NEIGHBORS, BATADV_CMD_GET_ORIGINATORS,
                                       BATADV_CMD_GET_GATEWAYS};
    struct heal_batadv *batadv = NULL;

    (void)state;
    assert_int_equal(heal_batadv_open("lo", &batadv), 0);
    read_round(batadv, true, true, 0);
    assert_int_equal(told.present, 2);
    assert_int_equal(told.relays, 2);
    assert_int_equal(told.direct, 2); /* each is the best way to itself, as it is told */
    assert_int_equal(told.meshes, 1);
    for (size_t i = 0; i < sizeof commands; i++) {
        read_round(batadv, true, false, commands[i]);
        assert_int_equal(told.gone, 0);
        assert_int_equal(told.relays, 0); /* it counts what may be missing */
        assert_int_equal(told.meshes, 0);
    }
    read_round(batadv, true, false, 0);
    assert_int_equal(told.gone, 1);
    assert_int_equal(told.last_gone.peer.byte[15], EAST[5]);
    assert_int_equal(told.relays, 1);
    heal_batadv_close(batadv);
}

/* Who has come meanwhile is told at once. */
static void test_an_interrupted_answer_tells_who_is_there(void **state) {
    struct heal_batadv *batadv = NULL;

    (void)state;
    assert_int_equal(heal_batadv_open("lo", &batadv), 0);
    read_round(batadv, true, false, 0);
    read_round(batadv, true, true, BATADV_CMD_GET_NEIGHBORS);
    assert_true(told.present > 0);
    assert_int_equal(told.gone, 0);
    heal_batadv_close(batadv);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_interrupted_answer_takes_nobody_away),
        cmocka_unit_test(test_an_interrupted_answer_tells_who_is_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
