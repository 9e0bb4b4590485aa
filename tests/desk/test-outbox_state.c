#include "desk/outbox_state.h"

#include <string.h>

#define MINUTE_MS ((gint64)60000)

// One letter a row: the states by their initials, u for unknown, x for cancelled.
static GPtrArray *rows_of(const char *letters, const char *recipient) {
    static const char initials[] = "qcsafrux"; // in the enum's order
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
    for (const char *at = letters; *at != '\0'; at++) {
        OutboxRow *row = g_new0(OutboxRow, 1);
        row->part = at - letters;
        row->recipient = g_strdup(recipient);
        row->state = (OutboxState)(strchr(initials, *at) - initials);
        row->settled_at = 100 + row->part;
        row->response = g_strdup_printf("words of %c", *at);
        g_ptr_array_add(rows, row);
    }
    return rows;
}

typedef struct {
    const char *letters, *state, *concern;
    Instant settled_at;
} Case;

static void check(const Case *cases, gsize count, const char *recipient) {
    for (gsize at = 0; at < count; at++) {
        g_autoptr(GPtrArray) rows = rows_of(cases[at].letters, recipient);
        OutboxFold fold = outbox_fold(rows);
        g_test_message("%s", cases[at].letters);
        g_assert_cmpstr(fold.state, ==, cases[at].state);
        g_assert_cmpstr(fold.concern, ==, cases[at].concern);
        g_assert_cmpint(fold.settled_at, ==, cases[at].settled_at);
    }
}

static void test_mail(void) {
    static const Case cases[] = {
        {"q", "queued", NULL, INSTANT_NONE},
        {"c", "sending", NULL, INSTANT_NONE},
        {"s", "sending", NULL, INSTANT_NONE},
        {"r", "queued", "words of r", INSTANT_NONE},
        {"a", "accepted", NULL, 100},
        {"f", "refused", "words of f", INSTANT_NONE},
        {"u", "unknown", "words of u", INSTANT_NONE},
        {"x", "cancelled", NULL, INSTANT_NONE},
        {"fa", "accepted", "words of f", 101}, // one server has it
        {"aa", "accepted", NULL, 100},
        {"ra", "accepted", "words of r", 101},
        {"fu", "unknown", "words of u", INSTANT_NONE},
        {"fr", "queued", "words of f", INSTANT_NONE},
        {"fx", "refused", "words of f", INSTANT_NONE},
    };
    check(cases, G_N_ELEMENTS(cases), "a@example.org");
}

static void test_chat(void) {
    static const Case cases[] = {
        {"q", "queued", NULL, INSTANT_NONE},
        {"aq", "queued", NULL, INSTANT_NONE}, // only part of it is there
        {"as", "sending", NULL, INSTANT_NONE},
        {"aa", "accepted", NULL, 101},
        {"afq", "refused", "words of f", INSTANT_NONE},
        {"auq", "unknown", "words of u", INSTANT_NONE},
        {"ax", "cancelled", NULL, INSTANT_NONE},
    };
    check(cases, G_N_ELEMENTS(cases), "");
}

static void test_delays(void) {
    static const gint64 minutes[] = {1, 5, 15, 60, 120, 240, 240};
    for (guint at = 0; at < G_N_ELEMENTS(minutes); at++) {
        gint64 whole = minutes[at] * MINUTE_MS;
        g_assert_cmpint(outbox_retry_delay_ms(at + 1, 0.5), ==, whole);
        g_assert_cmpint(outbox_retry_delay_ms(at + 1, 0.0), ==, whole - whole / 10);
        g_assert_cmpint(outbox_retry_delay_ms(at + 1, 1.0), ==, whole + whole / 10);
    }
    g_assert_cmpint(outbox_retry_delay_ms(1000000, 0.5), ==, 240 * MINUTE_MS);
}

static void test_give_up(void) {
    gint64 five_days = 5 * 24 * 60 * MINUTE_MS;
    g_assert_false(outbox_is_given_up(1000, 1000 + five_days - 1));
    g_assert_true(outbox_is_given_up(1000, 1000 + five_days));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add_func("/outbox_state/" name, test)
    ADD("a mail is accepted once one server has it", test_mail);
    ADD("a chat message is accepted once all of it is there", test_chat);
    ADD("retries wait 1, 5, 15, 60 minutes and then hours", test_delays);
    ADD("after five days nothing is tried", test_give_up);
    return g_test_run();
}
