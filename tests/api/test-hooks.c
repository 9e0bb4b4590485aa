// Web hooks through the router, as the HTTP server hands them on (reliability.md W01-W06, W17).
#include "../store/scratch.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "api/router.h"
#include "base/error.h"
#include "base/secret.h"
#include "channels/registry.h"
#include "desk/channel_directory.h"
#include "desk/inbound.h"
#include "store/channel.h"

typedef struct {
    Scratch scratch;
    Store *store;
    ChannelDirectory *channels;
    Inbound *inbound;
    Router *router;
} House;

typedef struct {
    const char *kind;
    const char *key;
    Id id;
} NewChannel;

typedef struct {
    const SecretKey *key;
    const NewChannel *channel;
} AddJob;

static gboolean add_channel_run(Db *db, gpointer data, GError **error) {
    const AddJob *job = data;
    const ChannelKind *kind = registry_find(job->channel->kind);
    g_autoptr(ChannelConfig) config = channel_config_new(kind->name);
    config->id = job->channel->id;
    g_free(config->name);
    config->name = g_strconcat(kind->name, " ", job->channel->key, NULL);
    g_free(config->key);
    config->key = g_strdup(job->channel->key);
    config->created_at = config->waits_from = 1767000000000;
    channel_config_set(config, "token", "6001002003:test");
    channel_config_set(config, "secret_token", job->channel->key);
    channel_config_set(config, "secret", "whsec_dXVzaQ==");
    return channel_add(db, job->key, kind, config, error);
}

static void add_channel(House *house, const NewChannel *channel) {
    g_autoptr(GError) error = NULL;
    AddJob job = {store_key(house->store), channel};
    writer_run(store_writer(house->store), add_channel_run, &job, &error);
    g_assert_no_error(error);
}

static void house_open(House *house, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    house->scratch = scratch_new();
    house->store = store_open(house->scratch.directory, TRUE, &error);
    g_assert_no_error(error);
    house->channels = channel_directory_new(house->store, &error);
    g_assert_no_error(error);
    house->inbound = inbound_new(store_key(house->store), house->channels);
    ApiParts parts = {.store = house->store,
                      .channels = house->channels,
                      .inbound = house->inbound,
                      .public_url = ""};
    house->router = router_new(api_routes, &parts);
    add_channel(house, &(NewChannel){"telegram", "avain-A", 101});
    add_channel(house, &(NewChannel){"telegram", "avain-B", 102});
    add_channel(house, &(NewChannel){"generic", "avain-C", 103});
}

static void house_close(House *house, gconstpointer data) {
    (void)data;
    router_free(house->router);
    inbound_free(house->inbound);
    channel_directory_free(house->channels);
    store_close(house->store);
    scratch_clear(&house->scratch);
}

typedef struct {
    GMutex mutex;
    GCond cond;
    gboolean done;
} Waiter;

static void answered(ApiCall *call, gpointer data) {
    (void)call;
    Waiter *waiter = data;
    g_mutex_lock(&waiter->mutex);
    waiter->done = TRUE;
    g_cond_signal(&waiter->cond);
    g_mutex_unlock(&waiter->mutex);
}

static unsigned finish(ApiCall *call, gsize *length) {
    HttpAnswer *answer = api_call_take_answer(call);
    unsigned status = answer->status;
    if (length != NULL)
        *length = g_bytes_get_size(answer->body);
    http_answer_free(answer);
    api_call_free(call);
    return status;
}

// The status of a post; body_length may be NULL.
static unsigned post(House *house, const char *path, const char *header, const char *value,
                     const char *text, gsize *body_length) {
    HttpRequest *request = http_request_new("POST", path);
    if (header != NULL)
        http_request_add_header(request, header, value);
    ApiCall *call = router_begin(house->router, request, "", &PRINCIPAL_NOBODY);
    if (api_call_is_answered(call))
        return finish(call, body_length);
    Waiter waiter = {0};
    router_run(call, g_bytes_new(text, strlen(text)), answered, &waiter);
    g_mutex_lock(&waiter.mutex);
    while (!waiter.done)
        g_cond_wait(&waiter.cond, &waiter.mutex);
    g_mutex_unlock(&waiter.mutex);
    return finish(call, body_length);
}

static gint64 count(House *house, const char *sql) {
    g_autoptr(GError) error = NULL;
    Db *db = store_reader_take(house->store, &error);
    g_assert_no_error(error);
    gint64 value = 0;
    gboolean found;
    db_query_int(db, sql, DB_NO_VALUES, &value, &found, &error);
    g_assert_no_error(error);
    store_reader_give(house->store, db);
    return value;
}

#define TOKEN "X-Telegram-Bot-Api-Secret-Token"
#define TEXT_BODY                                                                                  \
    "{\"update_id\":5,\"message\":{\"message_id\":41,\"from\":{\"id\":7,\"first_name\":\"Aino\"}," \
    "\"chat\":{\"id\":7,\"type\":\"private\"},\"date\":1767603600,\"text\":\"Hei\"}}"

static void test_an_authentic_hook_is_answered_after_it_is_kept(House *house, gconstpointer data) {
    (void)data;
    gsize length = 1;
    g_assert_cmpuint(post(house, "/hooks/telegram/avain-A", TOKEN, "avain-A", TEXT_BODY, &length),
                     ==, 200);
    g_assert_cmpuint(length, ==, 0);
    g_assert_cmpint(count(house, "SELECT count(*) FROM message WHERE text = 'Hei'"), ==, 1);
    g_assert_cmpint(count(house, "SELECT count(*) FROM intake WHERE state = 'stored'"), ==, 1);
    g_assert_cmpint(count(house, "SELECT count(*) FROM event WHERE type = 'message_received'"), ==,
                    1);
}

static void test_a_forged_hook_leaves_nothing_behind(House *house, gconstpointer data) {
    (void)data;
    static const struct {
        const char *path;
        const char *header;
        const char *value;
    } forged[] = {
        {"/hooks/telegram/avain-A", NULL, NULL},
        {"/hooks/telegram/avain-A", TOKEN, "avain-"},
        {"/hooks/telegram/avain-A", TOKEN, "avain-B"},    // another channel's
        {"/hooks/telegram/avain-C", TOKEN, "avain-C"},    // another kind's
        {"/hooks/telegram/tuntematon", TOKEN, "avain-A"}, // no channel
        {"/hooks/pigeon/avain-A", TOKEN, "avain-A"},      // no kind
        {"/hooks/email/avain-A", TOKEN, "avain-A"},       // a kind without hooks
        {"/hooks/generic/avain-C", TOKEN, "avain-C"},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(forged); at++)
        g_assert_cmpuint(
            post(house, forged[at].path, forged[at].header, forged[at].value, TEXT_BODY, NULL), ==,
            401);
    g_assert_cmpint(count(house, "SELECT count(*) FROM intake"), ==, 0);
}

static void test_repetitions_make_one_message(House *house, gconstpointer data) {
    (void)data;
    for (guint round = 0; round < 50; round++)
        g_assert_cmpuint(post(house, "/hooks/telegram/avain-A", TOKEN, "avain-A", TEXT_BODY, NULL),
                         ==, 200);
    g_assert_cmpint(count(house, "SELECT count(*) FROM message"), ==, 1);
    g_assert_cmpint(count(house, "SELECT count(*) FROM intake"), ==, 1);
}

static void test_what_cannot_be_decoded_is_kept_and_taken(House *house, gconstpointer data) {
    (void)data;
    g_assert_cmpuint(post(house, "/hooks/telegram/avain-A", TOKEN, "avain-A", "{\"x\":", NULL), ==,
                     200);
    g_assert_cmpint(count(house, "SELECT count(*) FROM intake WHERE state = 'quarantined'"), ==, 1);
    g_assert_cmpint(count(house, "SELECT count(*) FROM message"), ==, 0);
}

static void test_encoded_bodies_are_refused_unread(House *house, gconstpointer data) {
    (void)data;
    g_assert_cmpuint(
        post(house, "/hooks/telegram/avain-A", "Content-Encoding", "gzip", TEXT_BODY, NULL), ==,
        415);
}

static void test_a_channel_that_is_added_or_removed_is_known_at_once(House *house,
                                                                     gconstpointer data) {
    (void)data;
    for (guint round = 0; round < 20; round++) {
        g_autofree char *key = g_strdup_printf("uusi-%u", round);
        g_autofree char *path = g_strconcat("/hooks/telegram/", key, NULL);
        g_assert_cmpuint(post(house, path, TOKEN, key, TEXT_BODY, NULL), ==, 401);
        add_channel(house, &(NewChannel){"telegram", key, 200 + round});
        g_assert_cmpuint(post(house, path, TOKEN, key, TEXT_BODY, NULL), ==, 200);
    }
}

// No file may grow: what a full disk looks like, without one.
static void set_disk_full(gboolean is_full) {
    struct rlimit limit;
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    limit.rlim_cur = is_full ? 1 : limit.rlim_max;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

static void test_what_cannot_be_kept_is_answered_503_and_taken_later(House *house,
                                                                     gconstpointer data) {
    (void)data;
    signal(SIGXFSZ, SIG_IGN);
    set_disk_full(TRUE);
    unsigned status = post(house, "/hooks/telegram/avain-A", TOKEN, "avain-A", TEXT_BODY, NULL);
    set_disk_full(FALSE);
    g_assert_cmpuint(status, ==, 503);
    g_assert_cmpint(count(house, "SELECT count(*) FROM message"), ==, 0);
    g_assert_cmpuint(post(house, "/hooks/telegram/avain-A", TOKEN, "avain-A", TEXT_BODY, NULL), ==,
                     200);
    g_assert_cmpint(count(house, "SELECT count(*) FROM message"), ==, 1);
}

static void add(const char *path, void (*test)(House *house, gconstpointer data)) {
    g_test_add(path, House, NULL, house_open, test, house_close);
}

int main(int argc, char **argv) {
    secret_init();
    g_test_init(&argc, &argv, NULL);
    add("/hooks/an-authentic-hook-is-answered-after-it-is-kept",
        test_an_authentic_hook_is_answered_after_it_is_kept);
    add("/hooks/a-forged-hook-leaves-nothing-behind", test_a_forged_hook_leaves_nothing_behind);
    add("/hooks/repetitions-make-one-message", test_repetitions_make_one_message);
    add("/hooks/what-cannot-be-decoded-is-kept-and-taken",
        test_what_cannot_be_decoded_is_kept_and_taken);
    add("/hooks/encoded-bodies-are-refused-unread", test_encoded_bodies_are_refused_unread);
    add("/hooks/what-cannot-be-kept-is-answered-503-and-taken-later",
        test_what_cannot_be_kept_is_answered_503_and_taken_later);
    add("/hooks/a-channel-that-is-added-or-removed-is-known-at-once",
        test_a_channel_that_is_added_or_removed_is_known_at_once);
    return g_test_run();
}
