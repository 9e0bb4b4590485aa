#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "desk/ledger.h"
#include "fetch_fixture.h"
#include "mime/parser_process.h"

static FetchFixture *fixture;
static const FetchOptions options = {.mail_limit = 100000};

static gint64 ask(Id channel, const char *format) {
    g_autofree char *sql =
        g_strdup_printf("%s AND channel_id = %" G_GINT64_FORMAT, format, channel);
    return desk_fixture_int(fixture->desk, sql);
}

static void await(Id channel, const char *format, gint64 expected) {
    g_autofree char *sql =
        g_strdup_printf("%s AND channel_id = %" G_GINT64_FORMAT, format, channel);
    fetch_fixture_await(fixture, sql, expected);
}

// The counts of the last look at that folder.
static gint64 ledger(Id channel, const char *folder, const char *member) {
    Db *db = store_reader_take(fixture->desk->store, NULL);
    json_t *json = ledger_read(db, channel, NULL);
    store_reader_give(fixture->desk->store, db);
    json_t *folders = json_object_get(json, "items");
    gint64 value = -1;
    for (gsize at = 0; at < json_array_size(folders); at++) {
        json_t *one = json_array_get(folders, at);
        if (g_str_equal(json_string_value(json_object_get(one, "folder")), folder))
            value = json_integer_value(json_object_get(one, member));
    }
    json_decref(json);
    return value;
}

static void await_look(Id channel) {
    await(channel, "SELECT count(*) FROM mailbox WHERE folder = 'INBOX' AND looked_at IS NOT NULL",
          1);
}

static void test_all_mails_of_a_mailbox_are_stored_once(void) {
    fetch_fixture_put(fixture, "all", "INBOX", 0, 350);
    Id channel = fetch_fixture_add_channel(fixture, "all", NULL);
    g_autoptr(Fetch) fetch = fetch_new(fixture->desk->channels, fixture->intake, &options);
    await(channel, "SELECT count(*) FROM intake WHERE state = 'stored'", 350);
    await_look(channel);
    g_assert_cmpint(ask(channel, "SELECT count(*) FROM message WHERE direction = 'in'"), ==, 350);
    g_assert_cmpint(ask(channel, "SELECT count(DISTINCT uid) FROM intake WHERE uid > 0"), ==, 350);
    g_assert_cmpint(ask(channel, "SELECT last_uid FROM mailbox WHERE folder = 'INBOX'"), ==, 350);
    g_assert_cmpint(ledger(channel, "INBOX", "server"), ==, 350);
    g_assert_cmpint(ledger(channel, "INBOX", "stored"), ==, 350);
    g_assert_cmpint(ledger(channel, "INBOX", "missing"), ==, 0);
}

static void test_a_new_mail_comes_by_idle(void) {
    Id channel = fetch_fixture_add_channel(fixture, "idle", NULL);
    fetch_fixture_put(fixture, "idle", "INBOX", 0, 1);
    g_autoptr(Fetch) fetch = fetch_new(fixture->desk->channels, fixture->intake, &options);
    await(channel, "SELECT count(*) FROM message WHERE 1", 1);
    g_usleep(300000);
    fetch_fixture_put(fixture, "idle", "INBOX", 1, 4);
    await(channel, "SELECT count(*) FROM message WHERE 1", 4);
    g_assert_cmpint(ask(channel, "SELECT count(*) FROM intake WHERE state <> 'stored'"), ==, 0);
}

static void test_sent_mails_are_ours(void) {
    fetch_fixture_put(fixture, "sender", "Sent", 0, 2);
    fetch_fixture_put(fixture, "sender", "INBOX", 5, 6);
    Id channel = fetch_fixture_add_channel(fixture, "sender", NULL);
    g_autoptr(Fetch) fetch = fetch_new(fixture->desk->channels, fixture->intake, &options);
    await(channel, "SELECT count(*) FROM message WHERE direction = 'in'", 1);
    await(channel, "SELECT count(*) FROM message WHERE direction = 'out'", 2);
}

static void change_uid_validity(const char *user) {
    static const char *const files[] = {"dovecot-uidlist", "dovecot-uidvalidity", "dovecot.index",
                                        "dovecot.index.log", "dovecot.index.cache"};
    for (gsize at = 0; at < G_N_ELEMENTS(files); at++) {
        g_autofree char *path =
            g_build_filename(fixture->dovecot->directory, "mail", user, files[at], NULL);
        g_unlink(path);
    }
    g_usleep(1100000); // the new one is made of the second
}

static void test_another_uid_validity_makes_no_second_message(void) {
    fetch_fixture_put(fixture, "valid", "INBOX", 0, 20);
    Id channel = fetch_fixture_add_channel(fixture, "valid", NULL);
    Fetch *fetch = fetch_new(fixture->desk->channels, fixture->intake, &options);
    await(channel, "SELECT count(*) FROM message WHERE 1", 20);
    fetch_free(fetch);
    g_autofree char *duplicates =
        g_strdup_printf("SELECT count(*) FROM intake WHERE state = 'duplicate' AND channel_id = "
                        "%" G_GINT64_FORMAT,
                        channel);
    gboolean is_new = FALSE;
    // A session of Dovecot that has not ended yet writes the old number again.
    for (int attempt = 0; attempt < 6 && !is_new; attempt++) {
        change_uid_validity("valid");
        g_autoptr(Fetch) again = fetch_new(fixture->desk->channels, fixture->intake, &options);
        is_new = fetch_fixture_reaches(fixture, duplicates, 20, 15000);
    }
    g_assert_true(is_new);
    await(channel, "SELECT count(DISTINCT uid_validity) FROM intake WHERE uid > 0", 2);
    g_assert_cmpint(ask(channel, "SELECT count(*) FROM message WHERE 1"), ==, 20);
}

static gboolean forget_two(Db *db, gpointer data, GError **error) {
    return db_run(db, "DELETE FROM intake WHERE channel_id = $1 AND uid IN (2, 5)",
                  DB_VALUES(DB_ID(*(Id *)data)), error);
}

static void test_a_gap_in_the_ledger_is_fetched_again(void) {
    fetch_fixture_put(fixture, "gap", "INBOX", 0, 6);
    Id channel = fetch_fixture_add_channel(fixture, "gap", NULL);
    Fetch *fetch = fetch_new(fixture->desk->channels, fixture->intake, &options);
    await(channel, "SELECT count(*) FROM intake WHERE 1", 6);
    await_look(channel);
    fetch_free(fetch);
    desk_fixture_write(fixture->desk, forget_two, &channel);
    g_autoptr(Fetch) again = fetch_new(fixture->desk->channels, fixture->intake, &options);
    await(channel, "SELECT count(*) FROM intake WHERE 1", 6);
    g_assert_cmpint(ask(channel, "SELECT count(*) FROM intake WHERE state = 'duplicate'"), ==, 2);
    g_assert_cmpint(ask(channel, "SELECT count(*) FROM message WHERE 1"), ==, 6);
}

static void test_a_refused_sign_in_asks_for_another_and_hurts_nobody(void) {
    Id wrong = fetch_fixture_add_channel(fixture, "wrong", "imap_password", "Secret", NULL);
    Id dead = fetch_fixture_add_channel(fixture, "dead", "imap_port", "1", NULL);
    Id good = fetch_fixture_add_channel(fixture, "good", NULL);
    fetch_fixture_put(fixture, "good", "INBOX", 0, 3);
    g_autoptr(Fetch) fetch = fetch_new(fixture->desk->channels, fixture->intake, &options);
    await(good, "SELECT count(*) FROM message WHERE 1", 3);
    g_autofree char *sql = g_strdup_printf(
        "SELECT count(*) FROM channel WHERE state = 'needs_sign_in' AND id = %" G_GINT64_FORMAT,
        wrong);
    fetch_fixture_await(fixture, sql, 1);
    g_assert_cmpint(ask(dead, "SELECT count(*) FROM intake WHERE 1"), ==, 0);
}

static void test_pop3_mails_are_deleted_only_after_they_are_stored(void) {
    g_autofree char *port = g_strdup_printf("%u", fixture->dovecot->pop3);
    fetch_fixture_put(fixture, "pop", "INBOX", 0, 5);
    Id channel = fetch_fixture_add_channel(fixture, "pop", "incoming", "pop3", "imap_port", port,
                                           "pop3_delete", "true", NULL);
    g_autoptr(Fetch) fetch = fetch_new(fixture->desk->channels, fixture->intake, &options);
    await(channel, "SELECT count(*) FROM message WHERE 1", 5);
    g_autofree char *fresh =
        g_build_filename(fixture->dovecot->directory, "mail", "pop", "cur", NULL);
    guint left = 5;
    for (int tries = 0; tries < 100 && left > 0; tries++) {
        g_autoptr(GDir) directory = g_dir_open(fresh, 0, NULL);
        for (left = 0; g_dir_read_name(directory) != NULL;)
            left++;
        g_usleep(50000);
    }
    g_assert_cmpuint(left, ==, 0);
}

static void test_back_off_grows_to_its_limit(void) {
    g_assert_cmpint(fetch_backoff(1, FALSE, 0), ==, 3000);
    g_assert_cmpint(fetch_backoff(2, FALSE, 0), ==, 6000);
    g_assert_cmpint(fetch_backoff(2, FALSE, 1), ==, 4800);
    g_assert_cmpint(fetch_backoff(4000, FALSE, 0), ==, 900000);
    g_assert_cmpint(fetch_backoff(1, TRUE, 0), ==, 60000);
    g_assert_cmpint(fetch_backoff(9, TRUE, 0), ==, 3600000);
}

static void test_a_mail_that_is_too_large_is_refused_with_its_size(void) {
    g_autofree char *head = g_strdup("From: a@example.net\nSubject: large\n\n");
    g_autofree char *body = g_strnfill(120000, 'x');
    g_autofree char *text = g_strconcat(head, body, "\n", NULL);
    fetch_fixture_put_text(fixture, "large", "INBOX", text, strlen(text));
    fetch_fixture_put(fixture, "large", "INBOX", 1, 3);
    Id channel = fetch_fixture_add_channel(fixture, "large", NULL);
    g_autoptr(Fetch) fetch = fetch_new(fixture->desk->channels, fixture->intake, &options);
    await(channel, "SELECT count(*) FROM intake WHERE state = 'stored'", 2);
    await_look(channel);
    g_assert_cmpint(ask(channel, "SELECT count(*) FROM intake WHERE state = 'refused' AND uid = 1"
                                 " AND reason LIKE 'too large (120%'"),
                    ==, 1);
    g_assert_cmpint(ledger(channel, "INBOX", "server"), ==, 3);
    g_assert_cmpint(ledger(channel, "INBOX", "refused"), ==, 1);
}

static void test_skipped(void) {
    g_test_skip("Dovecot or openssl is not installed");
}

int main(int argc, char **argv) {
    if (parser_process_is_wanted(argc, argv))
        return parser_process_main();
    signal(SIGPIPE, SIG_IGN);
    g_test_init(&argc, &argv, NULL);
    secret_init();
    g_test_add_func("/fetch/back-off-grows-to-its-limit", test_back_off_grows_to_its_limit);
    fixture = fetch_fixture_new();
    if (fixture == NULL) {
        g_test_add_func("/fetch/skipped", test_skipped);
        return g_test_run();
    }
    g_test_add_func("/fetch/all-mails-of-a-mailbox-are-stored-once",
                    test_all_mails_of_a_mailbox_are_stored_once);
    g_test_add_func("/fetch/a-new-mail-comes-by-idle", test_a_new_mail_comes_by_idle);
    g_test_add_func("/fetch/sent-mails-are-ours", test_sent_mails_are_ours);
    g_test_add_func("/fetch/another-uid-validity-makes-no-second-message",
                    test_another_uid_validity_makes_no_second_message);
    g_test_add_func("/fetch/a-gap-in-the-ledger-is-fetched-again",
                    test_a_gap_in_the_ledger_is_fetched_again);
    g_test_add_func("/fetch/a-refused-sign-in-asks-for-another-and-hurts-nobody",
                    test_a_refused_sign_in_asks_for_another_and_hurts_nobody);
    g_test_add_func("/fetch/pop3-mails-are-deleted-only-after-they-are-stored",
                    test_pop3_mails_are_deleted_only_after_they_are_stored);
    g_test_add_func("/fetch/a-mail-that-is-too-large-is-refused-with-its-size",
                    test_a_mail_that_is_too_large_is_refused_with_its_size);
    int result = g_test_run();
    fetch_fixture_free(fixture);
    return result;
}
