// Fuzz target of the mail decoder: whatever the bytes, the result is valid, goes through JSON and
// back. With -DFUZZING it is a libFuzzer target
// (clang -fsanitize=fuzzer); else a test that mutates the recorded mails, the same way each time.
#include <glib.h>
#include <jansson.h>
#include <stdint.h>
#include <string.h>

#include "mime/mail_decode.h"

#define MUTATIONS_PER_MAIL 300

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_parties(const GPtrArray *parties) {
    for (guint at = 0; at < parties->len; at++) {
        const Party *party = parties->pdata[at];
        g_assert_true(g_utf8_validate(party->address, -1, NULL));
        g_assert_true(party->name == NULL || g_utf8_validate(party->name, -1, NULL));
    }
}

static void check(const Incoming *incoming) {
    g_assert_true(g_utf8_validate(incoming->text, -1, NULL));
    g_assert_true(g_utf8_validate(incoming->new_text, -1, NULL));
    g_assert_true(incoming->html == NULL || g_utf8_validate(incoming->html, -1, NULL));
    g_assert_null(strpbrk(incoming->subject, "\r\n"));
    g_assert_cmpuint(g_strv_length(incoming->mail->references), <=, MAIL_REFERENCES_MAXIMUM);
    g_assert_cmpuint(incoming->attachments->len, <=, MAIL_PARTS_MAXIMUM);
    check_parties(incoming->mail->to);
    check_parties(incoming->mail->cc);
}

static void check_json(const Incoming *incoming) {
    g_autoptr(GError) error = NULL;
    json_t *first = incoming_to_json(incoming);
    g_autoptr(Incoming) again = incoming_from_json(first, &error);
    g_assert_no_error(error);
    json_t *second = incoming_to_json(again);
    g_assert_true(json_equal(first, second));
    json_decref(first);
    json_decref(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    g_autoptr(GBytes) raw = g_bytes_new(data, size);
    g_autoptr(Incoming) incoming = mail_decode(raw, NULL);
    if (incoming == NULL)
        return 0;
    check(incoming);
    check_json(incoming);
    return 0;
}

#ifndef FUZZING

// A few bytes overwritten, taken out, or said twice.
static GByteArray *mutated(const GByteArray *seed, GRand *random) {
    GByteArray *mail = g_byte_array_new();
    g_byte_array_append(mail, seed->data, seed->len);
    for (gint32 count = g_rand_int_range(random, 1, 8); count > 0 && mail->len > 4; count--) {
        guint at = (guint)g_rand_int_range(random, 0, (gint32)mail->len - 3);
        guint length = (guint)g_rand_int_range(random, 1, (gint32)MIN(mail->len - at, 60));
        guint8 bytes[64];
        memcpy(bytes, mail->data + at, length);
        switch (g_rand_int_range(random, 0, 4)) {
        case 0:
            mail->data[at] = (guint8)g_rand_int_range(random, 0, 256);
            break;
        case 1:
            mail->data[at] = (guint8) "<>\"();:=?-\r\n \0"[g_rand_int_range(random, 0, 14)];
            break;
        case 2:
            g_byte_array_remove_range(mail, at, length);
            break;
        default:
            g_byte_array_append(mail, bytes, length);
        }
    }
    return mail;
}

static void test_mutations(gconstpointer data) {
    gchar *bytes;
    gsize length;
    g_assert_true(g_file_get_contents(data, &bytes, &length, NULL));
    g_autoptr(GByteArray) seed = g_byte_array_new_take((guint8 *)bytes, length);
    g_autoptr(GRand) random = g_rand_new_with_seed(20260302);
    LLVMFuzzerTestOneInput(seed->data, seed->len);
    for (guint at = 0; at < seed->len; at += 7)
        LLVMFuzzerTestOneInput(seed->data, at);
    for (guint count = 0; count < MUTATIONS_PER_MAIL; count++) {
        g_autoptr(GByteArray) mail = mutated(seed, random);
        LLVMFuzzerTestOneInput(mail->data, mail->len);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = g_test_build_filename(G_TEST_DIST, "mime", "cases", NULL);
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    g_assert_nonnull(dir);
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL) {
        if (!g_str_has_suffix(name, ".eml"))
            continue;
        g_autofree char *test = g_strconcat("/fuzz-mail/", name, " may be damaged anyhow", NULL);
        g_test_add_data_func_full(test, g_build_filename(directory, name, NULL), test_mutations,
                                  g_free);
    }
    return g_test_run();
}

#endif
