#include "fetch_fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "channels/registry.h"
#include "store/channel.h"

// A bound, not an expectation: on a busy machine Dovecot may need a second try.
#define AWAIT_MS 150000

FetchFixture *fetch_fixture_new(void) {
    Dovecot *dovecot = dovecot_start();
    if (dovecot == NULL)
        return NULL;
    FetchFixture *fixture = g_new0(FetchFixture, 1);
    fixture->dovecot = dovecot;
    fixture->desk = desk_fixture_new();
    fixture->parsers = parser_pool_new(2);
    fixture->intake =
        mail_intake_new(fixture->desk->store, fixture->desk->inbound, fixture->parsers);
    return fixture;
}

void fetch_fixture_free(FetchFixture *fixture) {
    parser_pool_free(fixture->parsers);
    mail_intake_free(fixture->intake);
    desk_fixture_free(fixture->desk);
    dovecot_stop(fixture->dovecot);
    g_free(fixture);
}

typedef struct {
    const SecretKey *key;
    ChannelConfig *config;
} ChannelJob;

static gboolean run_add(Db *db, gpointer data, GError **error) {
    ChannelJob *job = data;
    return channel_add(db, job->key, registry_find("email"), job->config, error);
}

Id fetch_fixture_add_channel(FetchFixture *fixture, const char *user, ...) {
    g_autoptr(ChannelConfig) config = channel_config_new("email");
    g_autofree char *port = g_strdup_printf("%u", fixture->dovecot->imap);
    config->id = id_next();
    g_free(config->name);
    config->name = g_strdup(user);
    g_free(config->address);
    config->address = g_strconcat(user, "@example.org", NULL);
    g_free(config->key);
    config->key = secret_token("", 128);
    config->created_at = clock_now();
    channel_config_set(config, "address", config->address);
    channel_config_set(config, "incoming", "imap");
    channel_config_set(config, "imap_host", "127.0.0.1");
    channel_config_set(config, "imap_port", port);
    channel_config_set(config, "imap_security", "plain");
    channel_config_set(config, "imap_user", user);
    channel_config_set(config, "imap_password", "secret");
    channel_config_set(config, "imap_sent_folder", "auto");
    va_list arguments;
    va_start(arguments, user);
    for (const char *name; (name = va_arg(arguments, const char *)) != NULL;)
        channel_config_set(config, name, va_arg(arguments, const char *));
    va_end(arguments);
    ChannelJob job = {store_key(fixture->desk->store), config};
    desk_fixture_write(fixture->desk, run_add, &job);
    return config->id;
}

void fetch_fixture_put_text(FetchFixture *fixture, const char *user, const char *folder,
                            const char *text, gsize length) {
    static guint count;
    gboolean is_inbox = g_str_equal(folder, "INBOX");
    g_autofree char *dot = g_strconcat(".", folder, NULL);
    g_autofree char *name = g_strdup_printf("1500000000.M%06uP1.test", count++);
    g_autofree char *top = g_build_filename(fixture->dovecot->directory, "mail", user, NULL);
    g_autofree char *maildir = is_inbox ? g_strdup(top) : g_build_filename(top, dot, NULL);
    static const char *const parts[] = {"cur", "new", "tmp"};
    for (gsize at = 0; at < G_N_ELEMENTS(parts); at++) {
        g_autofree char *directory = g_build_filename(maildir, parts[at], NULL);
        g_mkdir_with_parents(directory, 0777);
        g_chmod(directory, 0777);
    }
    g_chmod(maildir, 0777);
    g_chmod(top, 0777);
    g_autofree char *path = g_build_filename(maildir, "tmp", name, NULL);
    g_autofree char *final = g_build_filename(maildir, "new", name, NULL);
    g_assert_true(g_file_set_contents(path, text, (gssize)length, NULL));
    g_chmod(path, 0666);
    g_assert_cmpint(g_rename(path, final), ==, 0);
}

void fetch_fixture_put(FetchFixture *fixture, const char *user, const char *folder, int from,
                       int to) {
    for (int number = from; number < to; number++) {
        g_autofree char *text = g_strdup_printf(
            "From: Customer %d <c%d@example.net>\nTo: %s@example.org\nSubject: Order %d\n"
            "Message-ID: <%s.%s.%d@example.net>\nDate: Mon, 23 Nov 2026 06:00:00 +0000\n\n"
            "Where is order %d?\n",
            number, number % 7, user, number, user, folder, number, number);
        fetch_fixture_put_text(fixture, user, folder, text, strlen(text));
    }
}

gboolean fetch_fixture_reaches(FetchFixture *fixture, const char *sql, gint64 expected,
                               gint64 milliseconds) {
    gint64 until = clock_monotonic() + milliseconds;
    while (desk_fixture_int(fixture->desk, sql) != expected && clock_monotonic() < until)
        g_usleep(20000);
    return desk_fixture_int(fixture->desk, sql) == expected;
}

void fetch_fixture_await(FetchFixture *fixture, const char *sql, gint64 expected) {
    if (!fetch_fixture_reaches(fixture, sql, expected, AWAIT_MS))
        g_assert_cmpint(desk_fixture_int(fixture->desk, sql), ==, expected);
}
