// Hostile mails through the pool (reliability.md M01-M12, P11): each is answered, the next mail is
// answered within a second, and this process does not grow.
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "mime/parser_pool.h"
#include "mime/parser_process.h"

#define NEXT_MAIL_MS 1000
#define GROWTH_MAXIMUM_KIB (64 * 1024)

static const char plain[] = "From: a@example.com\r\nSubject: next\r\n\r\nhello\r\n";

static gint64 status_kib(const char *name) {
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents("/proc/self/status", &text, NULL, NULL));
    const char *line = strstr(text, name);
    g_assert_nonnull(line);
    return g_ascii_strtoll(line + strlen(name), NULL, 10);
}

// Lets VmHWM begin anew.
static void peak_reset(void) {
    FILE *file = fopen("/proc/self/clear_refs", "w");
    g_assert_nonnull(file);
    fputs("5", file);
    fclose(file);
}

static void assert_next_mail_is_quick(ParserPool *pool) {
    g_autoptr(GBytes) raw = g_bytes_new_static(plain, sizeof plain - 1);
    g_autoptr(GError) error = NULL;
    gint64 begun = clock_monotonic();
    g_autoptr(Incoming) incoming = parser_pool_decode_wait(pool, raw, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(incoming->subject, ==, "next");
    g_assert_cmpint(clock_monotonic() - begun, <, NEXT_MAIL_MS);
}

static void drop_bomb(ParserPool *pool, const char *name, GBytes *raw) {
    g_autoptr(GError) error = NULL;
    gint64 begun = clock_monotonic();
    g_autoptr(Incoming) incoming = parser_pool_decode_wait(pool, raw, &error);
    gint64 took = clock_monotonic() - begun;
    g_test_message("%s: %" G_GSIZE_FORMAT " bytes, %" G_GINT64_FORMAT " ms, %s", name,
                   g_bytes_get_size(raw), took, incoming != NULL ? "decoded" : error_code(error));
    if (incoming == NULL)
        g_assert_cmpstr(error_code(error), ==, "parser_died");
    g_clear_pointer(&incoming, incoming_free);
    assert_next_mail_is_quick(pool);
}

static GPtrArray *bomb_files(const char *directory) {
    g_autofree char *tool =
        g_build_filename(g_getenv("SHARED_DATA") != NULL ? g_getenv("SHARED_DATA") : "",
                         "tools/mime_bombs.py", NULL);
    char *arguments[] = {(char[]){"python3"}, tool, (char *)(guintptr)directory, NULL};
    if (!g_file_test(tool, G_FILE_TEST_EXISTS) ||
        !g_spawn_sync(NULL, arguments, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                      NULL, NULL, NULL, NULL, NULL))
        return NULL;
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL)
        g_ptr_array_add(files, g_build_filename(directory, name, NULL));
    return files;
}

static void test_bombs(void) {
    g_autofree char *directory = g_dir_make_tmp("mime-bombs-XXXXXX", NULL);
    g_autoptr(GPtrArray) files = bomb_files(directory);
    if (files == NULL) {
        g_rmdir(directory);
        g_test_skip("SHARED_DATA does not name the folder with the bombs, or there is no python3");
        return;
    }
    g_autoptr(ParserPool) pool = parser_pool_new(2);
    assert_next_mail_is_quick(pool);
    peak_reset();
    gint64 before = status_kib("VmRSS:");
    for (guint at = 0; at < files->len; at++) {
        char *bytes;
        gsize length;
        g_autofree char *name = g_path_get_basename(files->pdata[at]);
        g_assert_true(g_file_get_contents(files->pdata[at], &bytes, &length, NULL));
        g_autoptr(GBytes) raw = g_bytes_new_take(bytes, length);
        if (g_str_has_suffix(name, ".eml"))
            drop_bomb(pool, name, raw);
        g_remove(files->pdata[at]);
    }
    g_rmdir(directory);
    gint64 growth = status_kib("VmHWM:") - before;
    g_test_message("growth at the peak %" G_GINT64_FORMAT " KiB, processes started %u", growth,
                   parser_pool_starts(pool));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    g_assert_cmpint(growth, <, GROWTH_MAXIMUM_KIB);
#endif
}

static GBytes *repeated(const char *head, const char *piece, guint times, const char *tail) {
    GString *mail = g_string_new(head);
    for (guint at = 0; at < times; at++)
        g_string_append(mail, piece);
    g_string_append(mail, tail);
    return g_string_free_to_bytes(mail);
}

static void test_repetition(void) {
    static const struct {
        const char *name, *head, *piece, *tail;
        guint times;
    } rows[] = {
        {"nested address group", "To: ", "a:", "\r\nSubject: x\r\n\r\ny\r\n", 100000},
        {"small nested address group", "From: ", "a:", "\r\n\r\ny\r\n", 3000},
        {"nested comment", "From: ", "(", " a@b\r\n\r\ny\r\n", 100000},
        {"angles", "From: ", "<", "a@b>\r\n\r\ny\r\n", 100000},
        {"mails in mails", "", "Content-Type: message/rfc822\r\n\r\n", "x\r\n", 100000},
        {"quotes", "Subject: x\r\n\r\n", ">", " x\r\n", 1000000},
        {"one boundary for all", "", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
         "\r\nx\r\n--b--\r\n", 50000},
        {"parameters", "Content-Type: text/plain", "; a=b", "\r\n\r\nx\r\n", 100000},
        {"ats", "From: MAILER-DAEMON@x\r\nSubject: failure notice\r\n\r\n", "a@b ", "\r\n", 300000},
        {"headers in the text", "Subject: Fwd: x\r\n\r\n", "From: a\r\n", "\r\n", 100000},
        {"attributes", "Content-Type: text/html\r\n\r\n<p ", "a ", ">x</p>\r\n", 100000},
        {"encoded word marks", "Subject: ", "=?", "\r\n\r\nx\r\n", 40000},
    };
    g_autoptr(ParserPool) pool = parser_pool_new(1);
    for (gsize at = 0; at < G_N_ELEMENTS(rows); at++) {
        g_autoptr(GBytes) raw =
            repeated(rows[at].head, rows[at].piece, rows[at].times, rows[at].tail);
        drop_bomb(pool, rows[at].name, raw);
    }
    g_assert_cmpuint(parser_pool_starts(pool), ==, 1);
}

int main(int argc, char **argv) {
    if (parser_process_is_wanted(argc, argv))
        return parser_process_main();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mime-bombs/what is repeated without end kills no process", test_repetition);
    g_test_add_func("/mime-bombs/no bomb delays the next mail", test_bombs);
    return g_test_run();
}
