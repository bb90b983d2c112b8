/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/sandbox.h"

#include "base/cleanup.h"
#include "os/sandbox_calls.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined __arm__
#define ARCHITECTURE AUDIT_ARCH_ARM
#elif defined __riscv && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#else
#define ARCHITECTURE 0
#endif

/* The sanitizers' own work is none of what the lists foresee. */
#if defined __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { STEPS_MAX = 2048, X32_BIT = 0x40000000 };

struct filter {
    unsigned short length;
    struct sock_filter step[STEPS_MAX];
};

static void add(struct filter *filter, struct sock_filter step) {
    if (filter->length < STEPS_MAX)
        filter->step[filter->length++] = step;
}

static struct sock_filter load(size_t offset) {
    return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

/* Goes on with the next step if the loaded word is @p value, else passes over @p over steps. */
static struct sock_filter unless(uint32_t value, uint8_t over) {
    return (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, over);
}

static struct sock_filter end(uint32_t verdict) {
    return (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict);
}

/* The lower half of an argument, wherever this processor has it. */
static size_t argument_offset(unsigned argument) {
    size_t low = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : 4;

    return offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t) + low;
}

static void add_call(struct filter *filter, const struct heal_sandbox_call *call) {
    uint32_t verdict = call->who == 0 ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ALLOW;

    if (call->mask == 0) {
        add(filter, unless((uint32_t)call->number, 1));
        add(filter, end(verdict));
        return;
    }
    add(filter, unless((uint32_t)call->number, 5));
    add(filter, load(argument_offset(call->argument)));
    add(filter, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, call->mask));
    add(filter, unless(call->value, 1));
    add(filter, end(verdict));
    add(filter, load(offsetof(struct seccomp_data, nr)));
}

static void write_filter(struct filter *filter, enum heal_sandbox sandbox) {
    size_t count;
    const struct heal_sandbox_call *calls = heal_sandbox_calls(&count);

    add(filter, load(offsetof(struct seccomp_data, arch)));
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
    add(filter, end(SECCOMP_RET_KILL_PROCESS));
    add(filter, load(offsetof(struct seccomp_data, nr)));
    /* The calls of x86-64's 32-bit sibling have numbers of their own, from here up; nobody else has any. */
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1));
    add(filter, end(SECCOMP_RET_KILL_PROCESS));
    for (size_t i = 0; i < count; i++)
        if (calls[i].who == 0 || calls[i].who & 1U << sandbox)
            add_call(filter, &calls[i]);
    add(filter, end(SECCOMP_RET_ERRNO | ENOSYS));
}

int heal_sandbox_enter(enum heal_sandbox sandbox) {
    struct filter filter = {0};

    if (ARCHITECTURE == 0 || SANITIZED)
        return -ENOTSUP;
    write_filter(&filter, sandbox);
    if (filter.length == STEPS_MAX)
        return -E2BIG;
    struct sock_fprog program = {.len = filter.length, .filter = filter.step};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0U, &program) < 0 ? -errno : 0;
}
