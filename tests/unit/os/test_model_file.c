/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Models on disk: kept whole, known by their hash, refused with file and byte. */
#include "os/model_file.h"

#include "../weights/random_model.h"
#include "os/file.h"
#include "weights/safetensors.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];
static struct heal_weights number, integer;
static struct heal_gnn_model model;

static int setup(void **state) {
    struct heal_gnn_shape shape;

    (void)state;
    strcpy(folder, "/tmp/heald-test-model-XXXXXX");
    if (!mkdtemp(folder) || chdir(folder) < 0)
        return -1;
    heal_gnn_shape_default(2, 8, 0, &shape);
    return random_model_make(&shape, 3, &number) < 0 || heal_weights_quantise(&number, &integer, NULL) < 0
               ? -1
               : 0;
}

static int teardown(void **state) {
    (void)state;
    heal_weights_deinit(&number);
    heal_weights_deinit(&integer);
    unlink("number");
    unlink("integer");
    unlink("broken");
    return chdir("/") == 0 ? rmdir(folder) : -1;
}

static void a_model_is_kept_and_known_by_its_hash(void **state) {
    static const char *const names[] = {"feature1", "feature2"};
    uint8_t hash[HEAL_MODEL_HASH_BYTES], other[HEAL_MODEL_HASH_BYTES];
    struct heal_weights read;

    (void)state;
    assert_int_equal(heal_model_file_save("number", &number, NULL), 0);
    assert_int_equal(heal_model_file_save("integer", &integer, NULL), 0);
    assert_int_equal(heal_model_file_load("number", &read, other, NULL), 0);
    assert_memory_equal(&read.card, &number.card, sizeof read.card);
    heal_weights_deinit(&read);
    assert_int_equal(heal_model_file_load("integer", &read, hash, NULL), 0);
    heal_weights_deinit(&read);
    assert_memory_not_equal(hash, other, sizeof hash);
    assert_int_equal(heal_model_file_read("integer", names, 2, &model, NULL), 0);
    assert_true(model.id != 0 && model.id == heal_model_id(hash));
    assert_int_equal(model.id >> 56, hash[0]);
    assert_int_equal(model.id & 0xff, hash[7]);
}

static void expect_said(const char *path, int code, const char *words) {
    static const char *const names[] = {"feature1", "feature3"};
    char text[HEAL_MODEL_ERROR_TEXT];
    struct heal_error error = {0};

    model.id = 77;
    assert_int_equal(heal_model_file_read(path, names, 2, &model, &error), code);
    assert_int_equal(model.id, 77);
    assert_string_equal(heal_model_error_format(path, &error, text), words);
}

static void what_is_none_is_refused_with_its_file(void **state) {
    (void)state;
    expect_said("none", -ENOENT, "none: No such file or directory");
    expect_said(".", -EISDIR, ".: Is a directory");
    assert_int_equal(heal_file_write("broken", "\2\0\0\0\0\0\0\0{]", 10, 0600), 0);
    expect_said("broken", -EINVAL, "broken:9: a '\"' is due");
    assert_int_equal(heal_model_file_save("integer", &integer, NULL), 0);
    expect_said("integer", -EINVAL, "integer:0: feature 2 of the model is feature2: here it is feature3");
    assert_int_equal(truncate("broken", HEAL_SAFETENSORS_BYTES_MAX + 1), 0);
    expect_said("broken", -EFBIG, "broken: more than 4194304 bytes: no model is that large");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_is_kept_and_known_by_its_hash),
        cmocka_unit_test(what_is_none_is_refused_with_its_file),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
