// The pool and its processes: what they give back, and that no mail hurts another (reliability.md
// P11, K07). The program is its own parser: see main.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "mime/mail_decode.h"
#include "mime/parser_pool.h"
#include "mime/parser_process.h"
#include "mime/parser_sandbox.h"

static const char plain[] = "From: Anna <anna@example.com>\r\nTo: tuki@example.org\r\n"
                            "Subject: =?utf-8?Q?P=C3=A4iv=C3=A4=C3=A4?=\r\nMessage-ID: <1@x>\r\n"
                            "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                            "--b\r\nContent-Type: text/html; charset=iso-8859-15\r\n\r\n"
                            "<p>Hyv\xE4\xE4 huomenta</p>\r\n"
                            "--b\r\nContent-Type: image/png; name=a.png\r\n"
                            "Content-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--b--\r\n";

static GBytes *plain_mail(void) {
    return g_bytes_new_static(plain, sizeof plain - 1);
}

static void test_the_process_gives_what_the_decoder_gives(void) {
    g_autoptr(ParserPool) pool = parser_pool_new(1);
    g_autoptr(GBytes) raw = plain_mail();
    g_autoptr(GError) error = NULL;
    g_autoptr(Incoming) there = parser_pool_decode_wait(pool, raw, &error);
    g_assert_no_error(error);
    g_autoptr(Incoming) here = mail_decode(raw, NULL);
    json_t *a = incoming_to_json(there), *b = incoming_to_json(here);
    g_assert_true(json_equal(a, b));
    json_decref(a);
    json_decref(b);
    g_assert_cmpstr(there->text, ==, "Hyvää huomenta");
    const Attachment *attachment = there->attachments->pdata[0];
    g_autoptr(GBytes) expected = g_bytes_new_static("\0\1\2", 3);
    g_assert_true(g_bytes_equal(attachment->bytes, expected));
}

static void test_html_is_cleaned(void) {
    g_autoptr(ParserPool) pool = parser_pool_new(1);
    g_autofree char *clean = NULL, *text = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(parser_pool_clean_html_wait(
        pool, "<p>Hei <b>vaan</b><script>alert(1)</script></p>", &clean, &text, &error));
    g_assert_nonnull(strstr(clean, "<b>vaan</b>"));
    g_assert_null(strstr(clean, "script"));
    g_assert_cmpstr(text, ==, "Hei vaan");
}

static void test_an_empty_mail_is_an_error_of_its_own(void) {
    g_autoptr(ParserPool) pool = parser_pool_new(1);
    g_autoptr(GBytes) raw = g_bytes_new_static("\r\n", 2);
    g_autoptr(GError) error = NULL;
    g_assert_null(parser_pool_decode_wait(pool, raw, &error));
    g_assert_cmpstr(error_code(error), ==, "mail_empty");
}

typedef struct {
    GMutex mutex;
    GCond cond;
    guint good, bad, pending;
} Count;

static void counted(Incoming *incoming, GError *error, void *data) {
    Count *count = data;
    g_mutex_lock(&count->mutex);
    count->good += incoming != NULL ? 1 : 0;
    count->bad += error != NULL ? 1 : 0;
    count->pending--;
    g_cond_signal(&count->cond);
    g_mutex_unlock(&count->mutex);
    incoming_free(incoming);
    g_clear_error(&error);
}

static void count_wait(Count *count) {
    g_mutex_lock(&count->mutex);
    while (count->pending > 0)
        g_cond_wait(&count->cond, &count->mutex);
    g_mutex_unlock(&count->mutex);
}

static void test_many_mails_are_answered_each_once(void) {
    g_autoptr(ParserPool) pool = parser_pool_new(2);
    g_autoptr(GBytes) raw = plain_mail();
    Count count = {.pending = 5000};
    for (guint at = 0; at < 5000; at++)
        parser_pool_decode(pool, raw, counted, &count);
    count_wait(&count);
    g_assert_cmpuint(count.good, ==, 5000);
    g_assert_cmpuint(parser_pool_starts(pool), <=, 2);
}

// The processes of this program's children, by their parent.
static GArray *parser_pids(void) {
    GArray *pids = g_array_new(FALSE, FALSE, sizeof(pid_t));
    g_autoptr(GDir) tasks = g_dir_open("/proc/self/task", 0, NULL);
    const char *task;
    while ((task = g_dir_read_name(tasks)) != NULL) {
        g_autofree char *file = g_strdup_printf("/proc/self/task/%s/children", task);
        g_autofree char *text = NULL;
        if (!g_file_get_contents(file, &text, NULL, NULL))
            continue;
        g_auto(GStrv) words = g_strsplit(text, " ", -1);
        for (char **word = words; *word != NULL; word++)
            if (**word != '\0') {
                pid_t pid = (pid_t)g_ascii_strtoll(*word, NULL, 10);
                g_array_append_val(pids, pid);
            }
    }
    return pids;
}

static void test_processes_that_die_cost_no_mail(void) {
    g_autoptr(ParserPool) pool = parser_pool_new(2);
    g_autoptr(GBytes) raw = plain_mail();
    Count count = {.pending = 3000};
    for (guint at = 0; at < 3000; at++) {
        parser_pool_decode(pool, raw, counted, &count);
        if (at % 1500 == 700) {
            g_autoptr(GArray) pids = parser_pids();
            for (guint index = 0; index < pids->len; index++)
                kill(g_array_index(pids, pid_t, index), SIGKILL);
        }
    }
    count_wait(&count);
    g_assert_cmpuint(count.good, ==, 3000);
}

static void test_a_pool_that_ends_answers_all(void) {
    ParserPool *pool = parser_pool_new(1);
    g_autoptr(GBytes) raw = plain_mail();
    Count count = {.pending = 2000};
    for (guint at = 0; at < 2000; at++)
        parser_pool_decode(pool, raw, counted, &count);
    parser_pool_free(pool);
    count_wait(&count);
    g_assert_cmpuint(count.good + count.bad, ==, 2000);
}

// In a process of its own, for there is no way back.
static void sandboxed(void) {
    char *const none[] = {NULL};
    g_assert_true(parser_sandbox_enter(NULL));
    g_assert_cmpint(open("/etc/passwd", O_RDONLY), ==, -1);
    g_assert_cmpint(open("/tmp/parser-was-here", O_WRONLY | O_CREAT, 0600), ==, -1);
    g_assert_cmpint(socket(AF_INET, SOCK_STREAM, 0), ==, -1);
    g_assert_cmpint(socket(AF_UNIX, SOCK_STREAM, 0), ==, -1);
    g_assert_cmpint(execve("/bin/true", none, none), ==, -1);
    g_assert_cmpint(fork(), ==, -1);
    g_assert_cmpint(kill(getppid(), 0), ==, -1);
    g_assert_cmpint(errno, ==, EPERM);
    g_autoptr(GBytes) raw = plain_mail();
    g_autoptr(Incoming) incoming = mail_decode(raw, NULL);
    g_assert_cmpstr(incoming->text, ==, "Hyvää huomenta");
    _exit(7);
}

static void test_the_sandbox_denies_files_network_and_programs(void) {
    int status;
    pid_t pid = fork();
    if (pid == 0)
        sandboxed();
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

int main(int argc, char **argv) {
    if (parser_process_is_wanted(argc, argv))
        return parser_process_main();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser-pool/the sandbox denies files, network and programs",
                    test_the_sandbox_denies_files_network_and_programs);
    g_test_add_func("/parser-pool/the process gives what the decoder gives",
                    test_the_process_gives_what_the_decoder_gives);
    g_test_add_func("/parser-pool/html is cleaned", test_html_is_cleaned);
    g_test_add_func("/parser-pool/an empty mail is an error of its own",
                    test_an_empty_mail_is_an_error_of_its_own);
    g_test_add_func("/parser-pool/many mails are answered, each once",
                    test_many_mails_are_answered_each_once);
    g_test_add_func("/parser-pool/processes that die cost no mail",
                    test_processes_that_die_cost_no_mail);
    g_test_add_func("/parser-pool/a pool that ends answers all", test_a_pool_that_ends_answers_all);
    return g_test_run();
}
