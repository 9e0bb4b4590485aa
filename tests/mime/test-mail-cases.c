// Recorded mails: cases/NAME.eml decodes to cases/NAME.json. After a change that is meant,
// MAIL_CASES_REWRITE=1 writes the JSON anew, to be read before it is committed.
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "mime/mail_decode.h"

static GBytes *file_read(const char *path) {
    char *bytes;
    gsize length;
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    return g_bytes_new_take(bytes, length);
}

// Incoming as JSON, with each attachment's SHA-256.
static json_t *decoded(const char *path) {
    g_autoptr(GBytes) raw = file_read(path);
    g_autoptr(Incoming) incoming = mail_decode(raw, NULL);
    g_assert_nonnull(incoming);
    json_t *json = incoming_to_json(incoming);
    json_t *attachments = json_object_get(json, "attachments");
    for (guint at = 0; at < incoming->attachments->len; at++) {
        const Attachment *attachment = incoming->attachments->pdata[at];
        g_autofree char *sha256 =
            g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, attachment->bytes);
        json_object_set_new(json_array_get(attachments, at), "sha256", json_string(sha256));
    }
    return json;
}

// A mailbox file and IMAP hand over one mail with different line ends.
static void test_line_ends(void) {
    static const char lf[] = "From: a@x.fi\n\none\ntwo\rtwo\n\r";
    static const char crlf[] = "From: a@x.fi\r\n\r\none\r\ntwo\rtwo\r\n\r";
    g_autoptr(GBytes) one = g_bytes_new_static(lf, sizeof lf - 1);
    g_autoptr(GBytes) other = g_bytes_new_static(crlf, sizeof crlf - 1);
    g_autoptr(Incoming) first = mail_decode(one, NULL);
    g_autoptr(Incoming) second = mail_decode(other, NULL);
    g_assert_cmpstr(first->mail->body_sha256, ==, second->mail->body_sha256);
}

static void test_case(gconstpointer data) {
    const char *mail = data;
    g_autofree char *stem = g_strndup(mail, strlen(mail) - strlen(".eml"));
    g_autofree char *path = g_strconcat(stem, ".json", NULL);
    json_t *found = decoded(mail);
    if (g_getenv("MAIL_CASES_REWRITE") != NULL)
        g_assert_cmpint(json_dump_file(found, path, JSON_INDENT(2) | JSON_SORT_KEYS), ==, 0);
    json_t *expected = json_load_file(path, 0, NULL);
    g_assert_nonnull(expected);
    if (!json_equal(expected, found)) {
        char *text = json_dumps(found, JSON_INDENT(2) | JSON_SORT_KEYS);
        g_test_message("%s decodes to %s", mail, text);
        free(text);
        g_test_fail();
    }
    json_decref(expected);
    json_decref(found);
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
        g_autofree char *test = g_strconcat("/mail-cases/", name, " decodes as recorded", NULL);
        g_test_add_data_func_full(test, g_build_filename(directory, name, NULL), test_case, g_free);
    }
    g_test_add_func("/mail-cases/line ends do not tell two copies of a mail apart", test_line_ends);
    return g_test_run();
}
