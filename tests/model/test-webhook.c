// Which events a web hook out is told, and when it is tried again.
#include "model/webhook.h"

#define HOUR_MS (G_GINT64_CONSTANT(3600000))

static Webhook *hook(const char *types) {
    Webhook *webhook = webhook_new();
    json_t *list = json_loads(types, 0, NULL);
    g_assert_true(webhook_read_types(webhook, list, NULL));
    json_decref(list);
    return webhook;
}

static void add_id(GArray *ids, Id id) {
    g_array_append_val(ids, id);
}

static void test_a_hook_is_told_what_it_asked_for(void) {
    static const Id channels[] = {7, 8};
    const WebhookPlace place = {channels, 2, 5};
    const Event event = {.type = EVENT_STATUS_CHANGED};
    g_autoptr(Webhook) some = hook("[\"message_received\",\"status_changed\"]");
    g_autoptr(Webhook) all = hook("[\"*\"]");
    g_autoptr(Webhook) none = hook("[]");
    g_assert_true(webhook_matches(some, &event, &place));
    g_assert_true(webhook_matches(all, &event, &place));
    g_assert_false(webhook_matches(none, &event, &place));
    g_assert_false(webhook_matches(some, &(Event){.type = EVENT_TAGGED}, &place));
    add_id(some->channels, 8);
    g_assert_true(webhook_matches(some, &event, &place));
    add_id(some->teams, 6);
    g_assert_false(webhook_matches(some, &event, &place));
    add_id(some->teams, 5);
    g_assert_true(webhook_matches(some, &event, &place));
    add_id(all->channels, 9);
    g_assert_false(webhook_matches(all, &event, &place));
}

static void test_what_is_about_no_conversation_passes_filters_only_by_its_channel(void) {
    const WebhookPlace nowhere = {NULL, 0, 0};
    g_autoptr(Webhook) webhook = hook("[\"*\"]");
    add_id(webhook->channels, 7);
    g_assert_true(webhook_matches(webhook, &(Event){.type = EVENT_CHANNEL_CHANGED, .channel_id = 7},
                                  &nowhere));
    g_assert_false(webhook_matches(webhook, &(Event){.type = EVENT_CALENDAR_CHANGED}, &nowhere));
    add_id(webhook->teams, 5);
    g_assert_false(webhook_matches(
        webhook, &(Event){.type = EVENT_CHANNEL_CHANGED, .channel_id = 7}, &nowhere));
}

static WebhookOutcome judge(unsigned status, const char *retry_after, gint64 attempts,
                            gint64 *wait) {
    g_autoptr(HttpAnswer) answer = http_answer_new(status);
    if (retry_after != NULL)
        http_answer_add_header(answer, "Retry-After", retry_after);
    *wait = -1;
    return webhook_judge(answer, attempts, 0, wait);
}

static void test_failures_are_tried_again_ever_later_and_end(void) {
    static const gint64 waits[] = {
        5000,         300000,       1800000,      2 * HOUR_MS,  5 * HOUR_MS,
        10 * HOUR_MS, 14 * HOUR_MS, 20 * HOUR_MS, 24 * HOUR_MS,
    };
    gint64 wait;
    g_assert_cmpint(judge(204, NULL, 1, &wait), ==, WEBHOOK_DELIVERED);
    for (gsize at = 0; at < G_N_ELEMENTS(waits); at++) {
        static const unsigned failures[] = {0, 199, 302, 400, 404, 500, 503};
        unsigned status = failures[at % G_N_ELEMENTS(failures)];
        g_assert_cmpint(judge(status, NULL, (gint64)at + 1, &wait), ==, WEBHOOK_RETRY);
        g_assert_cmpint(wait, ==, waits[at]);
    }
    g_assert_cmpint(judge(500, NULL, 10, &wait), ==, WEBHOOK_FAILED);
}

static void test_retry_after_only_makes_it_later_and_at_most_a_day(void) {
    gint64 wait;
    judge(503, "60", 1, &wait);
    g_assert_cmpint(wait, ==, 60000);
    judge(429, "1", 2, &wait);
    g_assert_cmpint(wait, ==, 300000);
    judge(503, "99999999999", 1, &wait);
    g_assert_cmpint(wait, ==, 24 * HOUR_MS);
    judge(503, "Wed, 21 Oct 2026 07:28:00 GMT", 1, &wait);
    g_assert_cmpint(wait, ==, 5000);
    judge(503, "-5", 1, &wait);
    g_assert_cmpint(wait, ==, 5000);
}

static void test_addresses_are_https_without_a_user(void) {
    g_assert_true(webhook_check_url("https://example.org/a?b=c", FALSE, NULL));
    g_assert_true(webhook_check_url("http://127.0.0.1:1/", TRUE, NULL));
    static const char *const wrong[] = {"http://example.org/",
                                        "https://me@example.org/",
                                        "https://me:word@example.org/",
                                        "https://",
                                        "example.org",
                                        "javascript:alert(1)",
                                        "file:///etc/passwd",
                                        ""};
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++)
        g_assert_false(webhook_check_url(wrong[at], FALSE, NULL));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/webhook/a-hook-is-told-what-it-asked-for",
                    test_a_hook_is_told_what_it_asked_for);
    g_test_add_func("/webhook/what-is-about-no-conversation-passes-filters-only-by-its-channel",
                    test_what_is_about_no_conversation_passes_filters_only_by_its_channel);
    g_test_add_func("/webhook/failures-are-tried-again-ever-later-and-end",
                    test_failures_are_tried_again_ever_later_and_end);
    g_test_add_func("/webhook/retry-after-only-makes-it-later-and-at-most-a-day",
                    test_retry_after_only_makes_it_later_and_at_most_a_day);
    g_test_add_func("/webhook/addresses-are-https-without-a-user",
                    test_addresses_are_https_without_a_user);
    return g_test_run();
}
