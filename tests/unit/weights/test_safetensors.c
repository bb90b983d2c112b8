/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The container: what is written is read back, and what is wrong is refused with its byte. */
#include "weights/safetensors.h"

#include "base/cleanup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LENGTH_BYTES = 8, FILE_MAX = 4096 };

static struct heal_safetensors file;

static size_t make(const char *header, size_t data, uint8_t *bytes) {
    size_t length = strlen(header);

    memset(bytes, 0, LENGTH_BYTES + length + data);
    for (unsigned i = 0; i < LENGTH_BYTES; i++)
        bytes[i] = (uint8_t)((uint64_t)length >> 8 * i);
    memcpy(bytes + LENGTH_BYTES, header, length);
    return LENGTH_BYTES + length + data;
}

#define T "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}"
#define AT(text) (LENGTH_BYTES + sizeof(text) - 1) /* the byte behind so much of a header */

static const struct {
    const char *header;
    size_t data;
    const char *words;
    size_t place;
} bad[] = {
    {"",                                                                                          0, "the header ends where a '{' is due",           8                                                    },
    {"[]",                                                                                        0, "a '{' is due",                                 8                                                    },
    {"{",                                                                                         0, "the header ends where a '\"' is due",          9                                                    },
    {"{}x",                                                                                       0, "the header goes on after its end",             AT("{}")                                             },
    {"{\"a\":" T "}",                                                                             7, "lies at bytes 0 to 8: there are 7",
     AT("{'a':{'dtype':'F32','shape':[2],'data_offsets':")                                                                                                                                                },
    {"{\"a\":" T "}",                                                                             9, "no tensor begins at this byte, and 1 follow",  AT("{'a':" T "}") + 8                                },
    {"{\"a\":" T ",\"a\":" T "}",                                                                 8, "there are two tensors a",                      AT("{'a':" T ",")                                    },
    {"{\"a\":" T ",\"b\":" T "}",                                                                 8, "tensors overlap: they have 16 bytes",          AT("{'a':" T ",'b':" T "}")                          },
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",                          8,
     "tensor a has 8 bytes: its shape needs 12",                                                                                                     AT("{'a':{'dtype':'F32','shape':[3],'data_offsets':")},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,8]}}",                         8, "a whole number is due",
     AT("{'a':{'dtype':'F32','shape':[")                                                                                                                                                                  },
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}",                        8, "a whole number is due",
     AT("{'a':{'dtype':'F32','shape':[")                                                                                                                                                                  },
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1e9],\"data_offsets\":[0,8]}}",                        8, "a whole number is due",
     AT("{'a':{'dtype':'F32','shape':[")                                                                                                                                                                  },
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999999999],\"data_offsets\":[0,8]}}", 8,
     "a number above 16777216",                                                                                                                      AT("{'a':{'dtype':'F32','shape':[")                  },
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[16777216,16777216,16777216],\"data_offsets\":[0,8]}}", 8,
     "more numbers than a file may have bytes",                                                                                                      AT("{'a':{'dtype':'F32','shape':")                   },
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,2],\"data_offsets\":[0,8]}}",                  8,
     "tensor a has more than 4 dimensions",                                                                                                          AT("{'a':{'dtype':'F32','shape':")                   },
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",                          8, "lies at bytes 8 to 0",
     AT("{'a':{'dtype':'F32','shape':[2],'data_offsets':")                                                                                                                                                },
    {"{\"a\":{\"dtype\":\"F99\",\"shape\":[2],\"data_offsets\":[0,8]}}",                          8, "tensor a: there is no type F99",
     AT("{'a':{'dtype':")                                                                                                                                                                                 },
    {"{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",        8,
     "tensor a says its dtype twice",                                                                                                                AT("{'a':{'dtype':'F32',")                           },
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}",                                                 8, "tensor a does not say its data_offsets",       AT("{")                                              },
    {"{\"a\":{\"dtype\":\"F32\",\"size\":[2]}}",                                                  8, "tensor a: there is no 'size' of a tensor",
     AT("{'a':{'dtype':'F32',")                                                                                                                                                                           },
    {"{\"\":" T "}",                                                                              8, "a name that is empty",                         AT("{")                                              },
    {"{\"a\\u001b\":" T "}",                                                                      8, "a name that is not of printable ASCII",        AT("{")                                              },
    {"{\"a\\ud800\":" T "}",                                                                      8, "character d800 is not taken",                  AT("{'a\\u")                                         },
    {"{\"a\\x\":" T "}",                                                                          8, "a backslash before nothing that it goes with", AT("{'a\\")                                          },
    {"{\"a\n\":" T "}",                                                                           8, "a control character (0a) in a text",           AT("{'a")                                            },
    {"{\"a",                                                                                      8, "a text without an end",                        AT("{")                                              },
    {"{\"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890\":" T
     "}",                                                                                    8, "a text too long",                              AT("{")                                              },
    {"{\"__metadata__\":{\"x\":\"1\",\"x\":\"2\"}}",                                              0, "x is said twice",                              AT("{'__metadata__':{'x':'1',")                      },
    {"{\"__metadata__\":{},\"__metadata__\":{}}",                                                 0, "__metadata__ is said twice",                   AT("{'__metadata__':{},")                            },
    {"{\"__metadata__\":{\"x\":1}}",                                                              0, "a '\"' is due",                                AT("{'__metadata__':{'x':")                          },
    {"{\"__metadata__\":\"x\"}",                                                                  0, "a '{' is due",                                 AT("{'__metadata__':")                               },
};

static void what_is_wrong_is_said_with_its_byte(void **state) {
    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(bad); i++) {
        uint8_t bytes[FILE_MAX];
        struct heal_error error = {0};
        size_t length = make(bad[i].header, bad[i].data, bytes);

        assert_int_equal(heal_safetensors_decode(bytes, length, &file, &error), -EINVAL);
        if (!strstr(error.what, bad[i].words) || error.column != (int)bad[i].place)
            fail_msg("%s: said '%s' at %d, not '%s' at %zu", bad[i].header, error.what, error.column,
                     bad[i].words, bad[i].place);
    }
}

static void lengths_that_lie_are_refused(void **state) {
    uint8_t bytes[64] = {0};
    struct heal_error error;

    (void)state;
    assert_int_equal(heal_safetensors_decode(bytes, 7, &file, &error), -EINVAL);
    assert_string_equal(error.what, "the file ends before the header's length");
    bytes[0] = 57;
    assert_int_equal(heal_safetensors_decode(bytes, sizeof bytes, &file, &error), -EINVAL);
    assert_string_equal(error.what, "a header of 57 bytes: the file has 56 more");
    memset(bytes, 0xff, LENGTH_BYTES);
    assert_int_equal(heal_safetensors_decode(bytes, sizeof bytes, &file, &error), -EINVAL);
    assert_string_equal(error.what,
                        "not a safetensors file: a header of 18446744073709551615 bytes; at most 100000");
    assert_int_equal(heal_safetensors_decode(bytes, HEAL_SAFETENSORS_BYTES_MAX + 1, &file, &error), -EINVAL);
    assert_non_null(strstr(error.what, "a file of 4194305 bytes"));
}

static void every_shorter_file_is_refused(void **state) {
    static const char header[] = "{\"__metadata__\":{\"k\":\"v\"},\"a\":" T "}";
    uint8_t bytes[FILE_MAX];
    size_t length = make(header, 8, bytes);

    (void)state;
    assert_int_equal(heal_safetensors_decode(bytes, length, &file, NULL), 0);
    for (size_t less = 0; less < length; less++) {
        uint8_t *copy = malloc(less + 1); /* of the exact size, for the sanitizer */

        assert_non_null(copy);
        memcpy(copy, bytes, less);
        assert_int_equal(heal_safetensors_decode(copy, less, &file, NULL), -EINVAL);
        free(copy);
    }
}

static void texts_and_tensors_have_a_limit(void **state) {
    static char header[HEAL_SAFETENSORS_HEADER_MAX];
    static uint8_t bytes[HEAL_SAFETENSORS_HEADER_MAX + 64];
    struct heal_error error;
    size_t at = 0;

    (void)state;
    at += (size_t)sprintf(header, "{\"__metadata__\":{");
    for (unsigned i = 0; i <= HEAL_SAFETENSORS_ENTRIES_MAX; i++)
        at += (size_t)sprintf(header + at, "%s\"k%u\":\"\"", i > 0 ? "," : "", i);
    strcpy(header + at, "}}");
    assert_int_equal(heal_safetensors_decode(bytes, make(header, 0, bytes), &file, &error), -EINVAL);
    assert_string_equal(error.what, "129 texts are too many");

    at = (size_t)sprintf(header, "{");
    for (unsigned i = 0; i <= HEAL_SAFETENSORS_TENSORS_MAX; i++)
        at +=
            (size_t)sprintf(header + at, "%s\"t%u\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}",
                            i > 0 ? "," : "", i);
    strcpy(header + at, "}");
    assert_int_equal(heal_safetensors_decode(bytes, make(header, 0, bytes), &file, &error), -EINVAL);
    assert_string_equal(error.what, "more than 64 tensors");

    at = (size_t)sprintf(header, "{\"__metadata__\":{\"k\":\"");
    memset(header + at, 'x', HEAL_SAFETENSORS_TEXT_MAX - 1);
    strcpy(header + at + HEAL_SAFETENSORS_TEXT_MAX - 1, "\",\"l\":\"\"}}");
    assert_int_equal(heal_safetensors_decode(bytes, make(header, 0, bytes), &file, &error), -EINVAL);
    assert_string_equal(error.what, "2 texts are too many");
}

static void what_is_written_is_read_back(void **state) {
    const float real[3] = {1.5F, -0.0F, 3e38F};
    const int16_t half[2] = {-2, 300};
    const int8_t small[5] = {-128, -1, 0, 1, 127};
    const int32_t wide[1] = {-70000};
    const struct heal_entry_draft entry[] = {
        {"k",     "a \"word\" \\ \n \xc3\xa4"},
        {"empty", ""                         }
    };
    const struct heal_tensor_draft tensor[] = {
        {"small", HEAL_TENSOR_I8,  1, {5},    small},
        {"half",  HEAL_TENSOR_I16, 2, {1, 2}, half },
        {"real",  HEAL_TENSOR_F32, 1, {3},    real },
        {"wide",  HEAL_TENSOR_I32, 1, {1},    wide },
    };
    uint8_t *bytes, *again;
    size_t length, length_again;

    (void)state;
    assert_int_equal(heal_safetensors_encode(entry, 2, tensor, 4, &bytes, &length), 0);
    assert_int_equal(heal_safetensors_encode(entry, 2, tensor, 4, &again, &length_again), 0);
    assert_int_equal(length, length_again);
    assert_memory_equal(bytes, again, length);
    assert_int_equal(heal_safetensors_decode(bytes, length, &file, NULL), 0);
    assert_int_equal(file.tensors, 4);
    assert_string_equal(heal_safetensors_entry(&file, "k")->value, entry[0].value);
    assert_string_equal(heal_safetensors_entry(&file, "empty")->value, "");
    assert_null(heal_safetensors_entry(&file, "other"));
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(heal_tensor_whole(heal_safetensors_find(&file, "small"), i), small[i]);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(heal_tensor_whole(heal_safetensors_find(&file, "half"), i), half[i]);
    assert_int_equal(heal_tensor_whole(heal_safetensors_find(&file, "wide"), 0), wide[0]);
    for (unsigned i = 0; i < 3; i++) {
        float value = heal_tensor_real(heal_safetensors_find(&file, "real"), i);

        assert_memory_equal(&value, &real[i], sizeof value);
        assert_int_equal(heal_tensor_place(heal_safetensors_find(&file, "real"), i) % sizeof value, 0);
    }
    free(bytes);
    free(again);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_said_with_its_byte),
        cmocka_unit_test(lengths_that_lie_are_refused),
        cmocka_unit_test(every_shorter_file_is_refused),
        cmocka_unit_test(texts_and_tensors_have_a_limit),
        cmocka_unit_test(what_is_written_is_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
