// The pool against parser processes that have been taken over or hang (reliability.md P11): this
// program is its own parser, and an evil one where the mail's subject says so.
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "mime/mail_decode.h"
#include "mime/parser_frame.h"
#include "mime/parser_pool.h"
#include "mime/parser_process.h"

static void answer_with(FrameKind kind, guint32 id, guint64 length, const char *bytes, gsize size) {
    FrameHeader header = {kind, id, length};
    send(STDIN_FILENO, &header, sizeof header, MSG_NOSIGNAL);
    send(STDIN_FILENO, bytes, size, MSG_NOSIGNAL);
}

static void answer_honestly(guint32 id, GBytes *raw) {
    g_autoptr(Incoming) incoming = mail_decode(raw, NULL);
    frame_write_incoming(STDIN_FILENO, id, incoming);
}

static void answer_evilly(const char *how, guint32 id, GBytes *raw) {
    static const char garbage[64] = "\xff\xff\xff\xff\xff\xff\xff\xff{\"type\":\"message\"}";
    if (strcmp(how, "hang") == 0)
        sleep(60);
    else if (strcmp(how, "die") == 0)
        _exit(1);
    else if (strcmp(how, "garbage") == 0)
        answer_with(FRAME_INCOMING, id, sizeof garbage, garbage, sizeof garbage);
    else if (strcmp(how, "huge") == 0)
        answer_with(FRAME_INCOMING, id, G_MAXUINT64 / 2, garbage, sizeof garbage);
    else if (strcmp(how, "other id") == 0)
        answer_honestly(id + 7, raw);
    else if (strcmp(how, "other kind") == 0)
        frame_write_clean(STDIN_FILENO, id, "<b>x</b>", "x");
    else if (strcmp(how, "slow") == 0)
        sleep(2);
}

static int evil_parser(void) {
    FrameHeader header;
    GBytes *payload;
    while (frame_read(STDIN_FILENO, &header, &payload)) {
        g_autoptr(Incoming) incoming = mail_decode(payload, NULL);
        answer_evilly(incoming->subject, header.id, payload);
        if (strcmp(incoming->subject, "slow") == 0 || strcmp(incoming->subject, "good") == 0)
            answer_honestly(header.id, payload);
        g_bytes_unref(payload);
    }
    return 0;
}

static GBytes *mail_about(const char *subject) {
    char *mail = g_strdup_printf("From: a@example.com\r\nSubject: %s\r\n\r\nx\r\n", subject);
    return g_bytes_new_take(mail, strlen(mail));
}

static void assert_good_mail_is_quick(ParserPool *pool) {
    g_autoptr(GBytes) raw = mail_about("good");
    g_autoptr(GError) error = NULL;
    gint64 begun = clock_monotonic();
    g_autoptr(Incoming) incoming = parser_pool_decode_wait(pool, raw, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(incoming->subject, ==, "good");
    g_assert_cmpint(clock_monotonic() - begun, <, 1500);
}

static void test_each_lie_costs_one_mail(void) {
    static const struct {
        const char *how, *code;
    } rows[] = {
        {"die", "parser_died"},      {"garbage", "parser_answer"},  {"huge", "parser_died"},
        {"other id", "parser_died"}, {"other kind", "parser_died"},
    };
    g_autoptr(ParserPool) pool = parser_pool_new(1);
    for (gsize at = 0; at < G_N_ELEMENTS(rows); at++) {
        g_autoptr(GBytes) raw = mail_about(rows[at].how);
        g_autoptr(GError) error = NULL;
        g_assert_null(parser_pool_decode_wait(pool, raw, &error));
        g_assert_cmpstr(error_code(error), ==, rows[at].code);
        assert_good_mail_is_quick(pool);
    }
}

typedef struct {
    GMutex mutex;
    GCond cond;
    guint pending;
    guint good;
    guint died;
} Count;

static void counted(Incoming *incoming, GError *error, void *data) {
    Count *count = data;
    g_mutex_lock(&count->mutex);
    count->good += incoming != NULL ? 1 : 0;
    count->died += error != NULL && strcmp(error_code(error), "parser_died") == 0 ? 1 : 0;
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

static void hand_in(ParserPool *pool, const char *subject, guint times, Count *count) {
    g_autoptr(GBytes) raw = mail_about(subject);
    g_mutex_lock(&count->mutex);
    count->pending += times;
    g_mutex_unlock(&count->mutex);
    for (guint at = 0; at < times; at++)
        parser_pool_decode(pool, raw, counted, count);
}

static void test_mails_that_hang_hold_up_no_other(void) {
    ParserPool *pool = parser_pool_new(2);
    Count good = {.pending = 0}, bad = {.pending = 0};
    hand_in(pool, "hang", 4, &bad);
    hand_in(pool, "good", 200, &good);
    gint64 begun = clock_monotonic();
    count_wait(&good);
    g_test_message("200 mails behind 4 that hang: %" G_GINT64_FORMAT " ms",
                   clock_monotonic() - begun);
    g_assert_cmpuint(good.good, ==, 200);
    g_assert_cmpint(clock_monotonic() - begun, <, 5000);
    assert_good_mail_is_quick(pool);
    parser_pool_free(pool);
    count_wait(&bad);
    g_assert_cmpuint(bad.good, ==, 0);
}

static void test_a_slow_mail_is_not_lost(void) {
    g_autoptr(ParserPool) pool = parser_pool_new(1);
    Count count = {.pending = 0};
    hand_in(pool, "slow", 1, &count);
    hand_in(pool, "good", 20, &count);
    count_wait(&count);
    g_assert_cmpuint(count.good, ==, 21);
}

static void test_many_that_die_are_told_one_by_one(void) {
    g_autoptr(ParserPool) pool = parser_pool_new(2);
    Count count = {.pending = 0};
    hand_in(pool, "good", 50, &count);
    hand_in(pool, "die", 5, &count);
    hand_in(pool, "good", 50, &count);
    count_wait(&count);
    g_assert_cmpuint(count.good, ==, 100);
    g_assert_cmpuint(count.died, ==, 5);
}

int main(int argc, char **argv) {
    if (parser_process_is_wanted(argc, argv))
        return evil_parser();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser-evil/each lie costs one mail", test_each_lie_costs_one_mail);
    g_test_add_func("/parser-evil/mails that hang hold up no other",
                    test_mails_that_hang_hold_up_no_other);
    g_test_add_func("/parser-evil/a slow mail is not lost", test_a_slow_mail_is_not_lost);
    g_test_add_func("/parser-evil/many that die are told one by one",
                    test_many_that_die_are_told_one_by_one);
    return g_test_run();
}
