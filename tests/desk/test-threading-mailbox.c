// A generated mailbox, delivered in three orders, must give one and the same partition into
// conversations: that of its truth file wherever headers tell.
#include "desk_fixture.h"

#include <string.h>

#include "mime/mail_decode.h"

#define MAILS 2000
#define BATCH 200
#define MAILS_TEXT G_STRINGIFY(2000)

typedef struct {
    GBytes *raw;
    int thread;          // of the truth file
    gboolean is_told;    // its headers tell the thread
    int conversation[3]; // the lowest mail of its conversation, by order of delivery
} Mail3;

static GArray *mails; // of Mail3

static char *tool_path(const char *name) {
    const char *shared = g_getenv("SHARED_DATA");
    return g_build_filename(shared != NULL ? shared : "/nonexistent", "tools", name, NULL);
}

static gboolean make_mailbox(const char *directory) {
    g_autofree char *tool = tool_path("mkmail.py");
    g_autofree char *eml = g_build_filename(directory, "eml", NULL);
    g_autofree char *sent = g_build_filename(directory, "sent", NULL);
    g_autofree char *truth = g_build_filename(directory, "truth.tsv", NULL);
    const char *argv[] = {"python3",    tool, "-n",     MAILS_TEXT, "-m",      "700", "--seed", "5",
                          "--crlf-dir", eml,  "--sent", sent,       "--truth", truth, NULL};
    int status = -1;
    gboolean ran = g_spawn_sync(NULL, (char **)(gpointer)argv, NULL,
                                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
                                NULL, &status, NULL);
    return ran && status == 0;
}

// A mail that names no other is told by its own id, if it has one.
static gboolean headers_tell(char **columns) {
    const char *id = columns[1];
    const char *kind = columns[7];
    const char *class = columns[12];
    gboolean is_unnamed = strcmp(class, "new") == 0 && *id == '\0';
    return !is_unnamed && strcmp(class, "subject") != 0 && strcmp(class, "dup") != 0 &&
           strcmp(class, "bounce") != 0 && strcmp(kind, "auto") != 0;
}

static void read_row(const char *directory, const char *line) {
    g_auto(GStrv) columns = g_strsplit(line, "\t", -1);
    g_autofree char *path = g_strdup_printf("%s/eml/%06u.eml", directory, mails->len);
    char *content;
    gsize length;
    g_assert_true(g_file_get_contents(path, &content, &length, NULL));
    Mail3 mail = {.raw = g_bytes_new_take(content, length),
                  .thread = (int)g_ascii_strtoll(columns[2], NULL, 10),
                  .is_told = headers_tell(columns)};
    g_array_append_val(mails, mail);
}

// The company's own replies, as a Sent folder holds them.
static void read_sent(const char *directory) {
    g_autofree char *path = g_build_filename(directory, "sent", "cur", NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    g_assert_nonnull(folder);
    for (const char *name; (name = g_dir_read_name(folder)) != NULL;) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        char *content;
        gsize length;
        g_assert_true(g_file_get_contents(file, &content, &length, NULL));
        Mail3 mail = {.raw = g_bytes_new_take(content, length), .thread = -1};
        g_array_append_val(mails, mail);
    }
}

static void read_mailbox(const char *directory) {
    g_autofree char *path = g_build_filename(directory, "truth.tsv", NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    mails = g_array_new(FALSE, TRUE, sizeof(Mail3));
    for (char **line = lines + 1; *line != NULL && **line != '\0'; line++)
        read_row(directory, *line);
    read_sent(directory);
}

static Delivery *decode(DeskFixture *fixture, Id channel_id, guint index) {
    const Mail3 *mail = &g_array_index(mails, Mail3, index);
    g_autoptr(GError) error = NULL;
    Incoming *incoming = mail_decode(mail->raw, &error);
    g_assert_no_error(error);
    Delivery *delivery = desk_fixture_delivery(fixture, channel_id, incoming, clock_now());
    incoming->is_outbound = mail->thread < 0;
    delivery->occurred_at = incoming->mail->date;
    delivery_prepare(delivery, fixture->store, &error);
    g_assert_no_error(error);
    return delivery;
}

static void store_batch(DeskFixture *fixture, GPtrArray *batch) {
    g_autoptr(GError) error = NULL;
    inbound_store_all(store_writer(fixture->store), fixture->inbound, batch, &error);
    g_assert_no_error(error);
}

static Id find_conversation(DeskFixture *fixture, Id message_id) {
    g_autofree char *sql = g_strdup_printf(
        "SELECT conversation_id FROM message WHERE id = %" G_GINT64_FORMAT, message_id);
    return desk_fixture_int(fixture, sql);
}

static void note_partition(DeskFixture *fixture, const Id *messages, int order) {
    g_autoptr(GHashTable) lowest = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (guint index = 0; index < mails->len; index++) {
        Id conversation = find_conversation(fixture, messages[index]);
        gpointer known;
        if (!g_hash_table_lookup_extended(lowest, &conversation, NULL, &known)) {
            known = GUINT_TO_POINTER(index);
            g_hash_table_insert(lowest, g_memdup2(&conversation, sizeof conversation), known);
        }
        g_array_index(mails, Mail3, index).conversation[order] = GPOINTER_TO_INT(known);
    }
}

static void deliver(const guint *sequence, int order) {
    g_autoptr(DeskFixture) fixture = desk_fixture_new();
    Id channel =
        desk_fixture_add_channel(fixture, "email", "Support", "asiakaspalvelu@us.example", 0);
    g_autofree Id *messages = g_new0(Id, mails->len);
    for (guint start = 0; start < mails->len; start += BATCH) {
        g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func((GDestroyNotify)delivery_free);
        guint end = MIN(start + BATCH, mails->len);
        for (guint at = start; at < end; at++)
            g_ptr_array_add(batch, decode(fixture, channel, sequence[at]));
        store_batch(fixture, batch);
        for (guint at = start; at < end; at++)
            messages[sequence[at]] = ((Delivery *)batch->pdata[at - start])->message_id;
    }
    note_partition(fixture, messages, order);
}

static void deliver_in_three_orders(void) {
    g_autofree guint *sequence = g_new(guint, mails->len);
    for (guint at = 0; at < mails->len; at++)
        sequence[at] = at;
    deliver(sequence, 0);
    for (guint at = 0; at < mails->len; at++)
        sequence[at] = mails->len - 1 - at;
    deliver(sequence, 1);
    g_autoptr(GRand) random = g_rand_new_with_seed(11);
    for (guint at = mails->len - 1; at > 0; at--) {
        guint other = (guint)g_rand_int_range(random, 0, (gint32)at + 1);
        guint kept = sequence[at];
        sequence[at] = sequence[other];
        sequence[other] = kept;
    }
    deliver(sequence, 2);
}

static void compare_with_truth(void) {
    g_autoptr(GHashTable) told = g_hash_table_new(NULL, NULL); // thread -> conversation
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL); // conversation -> thread
    for (guint index = 0; index < mails->len; index++) {
        const Mail3 *mail = &g_array_index(mails, Mail3, index);
        if (mail->thread < 0)
            continue;
        gpointer conversation = GINT_TO_POINTER(mail->conversation[0] + 1);
        gpointer thread = GINT_TO_POINTER(mail->thread + 1);
        gpointer known_thread = g_hash_table_lookup(seen, conversation);
        if (known_thread != NULL && known_thread != thread)
            g_error("mail %u stands with mails of another thread", index);
        g_hash_table_insert(seen, conversation, thread);
        if (!mail->is_told)
            continue;
        gpointer known = g_hash_table_lookup(told, thread);
        if (known != NULL && known != conversation)
            g_error("mail %u stands apart from its thread %d", index, mail->thread);
        g_hash_table_insert(told, thread, conversation);
    }
}

static void test_the_order_of_delivery_does_not_change_conversations(void) {
    g_auto(Scratch) scratch = scratch_new();
    if (!make_mailbox(scratch.directory)) {
        g_test_skip("no shared tools beside the tree, or no python3");
        return;
    }
    read_mailbox(scratch.directory);
    g_assert_cmpuint(mails->len, >=, MAILS);
    deliver_in_three_orders();
    for (guint index = 0; index < mails->len; index++) {
        const Mail3 *mail = &g_array_index(mails, Mail3, index);
        g_assert_cmpint(mail->conversation[0], ==, mail->conversation[1]);
        g_assert_cmpint(mail->conversation[0], ==, mail->conversation[2]);
    }
    compare_with_truth();
    for (guint index = 0; index < mails->len; index++)
        g_bytes_unref(g_array_index(mails, Mail3, index).raw);
    g_array_unref(mails);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    secret_init();
    g_test_add_func("/threading-mailbox/the-order-of-delivery-does-not-change-conversations",
                    test_the_order_of_delivery_does_not_change_conversations);
    return g_test_run();
}
