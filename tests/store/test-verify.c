#include <unistd.h>

#include "store/blob.h"
#include "store/blob_file.h"
#include "store/verify.h"
#include "tests/store/fixture.h"

static gboolean blob_put(Db *db, gpointer blob, GError **error) {
    return blob_add(db, blob, error);
}

static void finds_only(Fixture *fixture, const char *check) {
    g_autoptr(GError) error = NULL;
    g_autoptr(VerifyReport) report = verify_store(fixture->store, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < report->findings->len; i++)
        g_test_message("%s", ((VerifyFinding *)report->findings->pdata[i])->check);
    g_assert_cmpuint(report->findings->len, ==, check != NULL);
    if (check != NULL)
        g_assert_cmpstr(((VerifyFinding *)report->findings->pdata[0])->check, ==, check);
}

static void sound_store_has_no_findings(Fixture *fixture, gconstpointer data) {
    (void)data;
    fixture_conversation_add(fixture, 1, 1, 0);
    finds_only(fixture, NULL);
}

static void lost_and_damaged_blobs_are_found(Fixture *fixture, gconstpointer data) {
    (void)data;
    guint8 *noise = g_malloc(200000);
    for (int i = 0; i < 200000; i++)
        noise[i] = (guint8)g_test_rand_int_range(0, 256);
    g_autoptr(GBytes) bytes = g_bytes_new_take(noise, 200000);
    g_autoptr(Blob) blob = blob_prepare(fixture->store, bytes, NULL);
    g_assert_true(writer_run(store_writer(fixture->store), blob_put, blob, NULL));
    finds_only(fixture, NULL);
    g_autofree char *path = blob_file_path(fixture->scratch.directory, blob_sha256(blob));
    g_assert_true(g_file_set_contents(path, "short", -1, NULL));
    finds_only(fixture, "blob_damaged");
    g_assert_cmpint(unlink(path), ==, 0);
    finds_only(fixture, "blob_damaged");
}

typedef struct {
    const char *sql;
    const char *check;
} Break;

static void what_is_wrong_is_named(Fixture *fixture, gconstpointer data) {
    const Break *what = data;
    fixture_conversation_add(fixture, 1, 1, 0);
    fixture_message_add(fixture, 1, 1, 0);
    fixture_run(fixture, "INSERT INTO delivery VALUES (1, 1)", DB_NO_VALUES);
    fixture_run(fixture, "UPDATE conversation SET message_count = 1", DB_NO_VALUES);
    finds_only(fixture, NULL);
    fixture_run(fixture, what->sql, DB_NO_VALUES);
    finds_only(fixture, what->check);
}

static const Break breaks[] = {
    {"UPDATE conversation SET message_count = 5", "message_count"},
    {"INSERT INTO mailbox (channel_id, folder, uid_validity, server_count, looked_at)"
     " SELECT id, 'INBOX', 7, 1, 5 FROM channel",
     "ledger_gap"},
    {"UPDATE message SET raw_sha256 = x'00'", "raw_missing"},
    {"UPDATE message SET html_sha256 = x'00'", "html_missing"},
    {"INSERT INTO event (seq, id, type, actor, occurred_at, recorded_at) VALUES"
     " (1, 1, 'x', 'system', 0, 0), (3, 2, 'x', 'system', 0, 0)",
     "event_gap"},
    {"INSERT INTO event (seq, id, conversation_id, type, actor, occurred_at, recorded_at)"
     " VALUES (1, 1, 99, 'x', 'system', 0, 0)",
     "event_stray"},
};

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add("/verify/sound_store_has_no_findings", Fixture, NULL, fixture_set_up,
               sound_store_has_no_findings, fixture_tear_down);
    g_test_add("/verify/lost_and_damaged_blobs_are_found", Fixture, NULL, fixture_set_up,
               lost_and_damaged_blobs_are_found, fixture_tear_down);
    for (gsize i = 0; i < G_N_ELEMENTS(breaks); i++) {
        g_autofree char *path =
            g_strconcat("/verify/what_is_wrong_is_named/", breaks[i].check, NULL);
        g_test_add(path, Fixture, &breaks[i], fixture_set_up, what_is_wrong_is_named,
                   fixture_tear_down);
    }
    return g_test_run();
}
