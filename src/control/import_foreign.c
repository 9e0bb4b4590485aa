#include "control/import_foreign.h"

#include <string.h>

#include "base/error.h"
#include "control/import_files.h"
#include "foreign/source.h"

#define BATCH_BYTES ((gsize)8 << 20)
#define BATCH_CONVERSATIONS 50
#define ATTACHMENT_BYTES_MAX ((gsize)64 << 20)

// Files are read once for each: people, conversations, then messages, then notes, which never begin
// a conversation.
typedef enum { PASS_PEOPLE, PASS_CONVERSATIONS, PASS_MESSAGES, PASS_NOTES, PASSES } Pass;

typedef struct {
    Control *control;
    const char *as;   // the source's name in the store
    char *path;       // of the route; NULL: a dry run
    const char *root; // the present argument, beside whose files the attachments lie
    Pass pass;
    ForeignReading reading;
    GHashTable *seen; // ids of conversations that have messages
    json_t *batch;    // {id: conversation with messages}
    gsize batch_bytes;
    json_t *counts;
    json_t *problems;
    GError *failure; // of a batch within a pass
} Import;

static void add_problem(gpointer data, const char *problem) {
    json_array_append_new(((Import *)data)->problems, json_string(problem));
}

static void count(Import *import, const char *what, json_int_t more) {
    json_int_t before = json_integer_value(json_object_get(import->counts, what));
    json_object_set_new(import->counts, what, json_integer(before + more));
}

static void take_problem(Import *import, const json_t *problem) {
    const char *message = json_string_value(json_object_get(problem, "message"));
    g_autofree char *line = g_strdup_printf(
        "conversation %s%s%s: %s", json_string_value(json_object_get(problem, "conversation")),
        message != NULL ? ", message " : "", message != NULL ? message : "",
        json_string_value(json_object_get(problem, "detail")));
    add_problem(import, line);
}

static void take_answer(Import *import, const json_t *answer) {
    static const char *const names[] = {"stored", "known", "notes", "settled"};
    size_t at;
    const json_t *problem;
    for (gsize name = 0; name < G_N_ELEMENTS(names); name++)
        count(import, names[name], json_integer_value(json_object_get(answer, names[name])));
    json_array_foreach(json_object_get(answer, "problems"), at, problem) {
        take_problem(import, problem);
    }
}

static gboolean send_batch(Import *import, GError **error) {
    const char *id;
    json_t *conversation;
    if (json_object_size(import->batch) == 0)
        return TRUE;
    json_t *conversations = json_array();
    json_object_foreach(import->batch, id, conversation) {
        json_array_append(conversations, conversation);
    }
    json_object_clear(import->batch);
    import->batch_bytes = 0;
    json_t *body = json_pack("{s:s, s:o}", "source", import->as, "conversations", conversations);
    json_t *answer = control_call(import->control, "POST", import->path, body, error);
    if (answer != NULL)
        take_answer(import, answer);
    gboolean is_sent = answer != NULL;
    json_decref(answer);
    return is_sent;
}

static json_t *known_conversation(const Import *import, const char *id) {
    return json_object_get(json_object_get(import->reading.book, "conversation"), id);
}

// The conversation as the batch has it: what is known but its state, and its messages so far.
static json_t *batch_conversation(Import *import, const char *id) {
    json_t *entry = json_object_get(import->batch, id);
    if (entry != NULL)
        return entry;
    entry = json_copy(known_conversation(import, id));
    json_object_del(entry, "state");
    json_object_set_new(entry, "messages", json_array());
    json_object_set_new(import->batch, id, entry);
    return entry;
}

static gboolean is_safe_path(const char *path) {
    return path != NULL && path[0] != '/' && strstr(path, "..") == NULL;
}

// Bytes saved under attachments/ beside the files, or a problem.
static gboolean load_attachment(Import *import, json_t *attachment, const char *message) {
    const char *path = json_string_value(json_object_get(attachment, "path"));
    g_autofree char *directory = g_file_test(import->root, G_FILE_TEST_IS_DIR)
                                     ? g_strdup(import->root)
                                     : g_path_get_dirname(import->root);
    g_autofree char *file = g_build_filename(directory, "attachments", path, NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;
    gboolean is_loaded = is_safe_path(path) && g_file_get_contents(file, &bytes, &length, NULL) &&
                         length <= ATTACHMENT_BYTES_MAX;
    if (!is_loaded) {
        g_autofree char *line = g_strdup_printf(
            "message %s: %s is not saved, or larger than 64 MiB: the attachment is left out",
            message, file);
        add_problem(import, line);
        return FALSE;
    }
    count(import, "attachments", 1);
    g_autofree char *text = g_base64_encode((const guchar *)bytes, length);
    json_object_set_new(attachment, "bytes", json_string(text));
    json_object_del(attachment, "path");
    import->batch_bytes += strlen(text);
    return TRUE;
}

static void load_attachments(Import *import, json_t *message) {
    json_t *list = json_object_get(message, "attachments");
    const char *id = json_string_value(json_object_get(message, "id"));
    for (size_t at = json_array_size(list); at > 0; at--)
        if (!load_attachment(import, json_array_get(list, at - 1), id))
            json_array_remove(list, at - 1);
}

static void add_message(Import *import, const char *conversation, json_t *message) {
    g_hash_table_add(import->seen, g_strdup(conversation));
    load_attachments(import, message);
    if (import->path == NULL)
        return;
    json_t *entry = batch_conversation(import, conversation);
    json_array_append(json_object_get(entry, "messages"), message);
    const char *html = json_string_value(json_object_get(message, "html"));
    const char *text = json_string_value(json_object_get(message, "text"));
    import->batch_bytes += 500 + (html != NULL ? strlen(html) : 0) + (text ? strlen(text) : 0);
    if (import->batch_bytes > BATCH_BYTES || json_object_size(import->batch) >= BATCH_CONVERSATIONS)
        send_batch(import, &import->failure);
}

static void found_message(gpointer data, const char *conversation, json_t *message) {
    Import *import = data;
    const char *direction = json_string_value(json_object_get(message, "direction"));
    gboolean is_note = g_strcmp0(direction, "note") == 0;
    if (import->failure == NULL && is_note == (import->pass == PASS_NOTES)) {
        count(import, direction, 1);
        if (known_conversation(import, conversation) != NULL) {
            add_message(import, conversation, message);
        } else {
            g_autofree char *line =
                g_strdup_printf("message %s: conversation %s is not in the files, or not taken",
                                json_string_value(json_object_get(message, "id")), conversation);
            add_problem(import, line);
        }
    }
    json_decref(message);
}

static gboolean take_value(gpointer data, const json_t *value, const char *number, GError **error) {
    Import *import = data;
    import->reading.number = number;
    foreign_walk(&import->reading, value);
    if (import->failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&import->failure));
    return FALSE;
}

// Broken files are told once, not in each pass.
static void take_file_problem(gpointer data, const char *problem) {
    if (((Import *)data)->pass == PASS_PEOPLE)
        add_problem(data, problem);
}

static gboolean run_pass(Import *import, Pass pass, GError **error) {
    static const ForeignStage stages[] = {FOREIGN_PEOPLE, FOREIGN_CONVERSATIONS, FOREIGN_MESSAGES,
                                          FOREIGN_MESSAGES};
    ImportReader reader = {take_value, take_file_problem, import};
    import->pass = pass;
    import->reading.stage = stages[pass];
    // What is left out of messages is counted in one of their two passes.
    json_t *skipped = pass == PASS_NOTES ? json_copy(import->reading.skipped) : NULL;
    gboolean is_good = TRUE;
    for (guint at = 0; is_good && control_argument(import->control, at) != NULL; at++) {
        import->root = control_argument(import->control, at);
        is_good = import_files_read(import->root, &reader, error);
    }
    if (skipped != NULL) {
        json_decref(import->reading.skipped);
        import->reading.skipped = skipped;
    }
    return is_good && send_batch(import, error);
}

// Tags of their own files belong to the state of their conversation.
static void add_tags(const Import *import, const char *id, json_t *conversation) {
    json_t *tags = json_object_get(json_object_get(import->reading.book, "tags"), id);
    json_t *state = json_object_get(conversation, "state");
    if (tags != NULL && json_is_object(state))
        json_object_set(state, "tags", tags);
}

// Last, when nothing that arrives can change it any more.
static gboolean send_states(Import *import, GError **error) {
    const char *id;
    json_t *conversation;
    gboolean is_good = TRUE;
    json_object_foreach(json_object_get(import->reading.book, "conversation"), id, conversation) {
        count(import, "conversations", 1);
        if (!g_hash_table_contains(import->seen, id)) {
            g_autofree char *line =
                g_strdup_printf("conversation %s: no messages of it are in the files", id);
            add_problem(import, line);
            continue;
        }
        add_tags(import, id, conversation);
        if (import->path != NULL)
            json_object_set(import->batch, id, conversation);
        if (is_good && json_object_size(import->batch) >= BATCH_CONVERSATIONS)
            is_good = send_batch(import, error);
    }
    return is_good && send_batch(import, error);
}

static gboolean run_passes(Import *import, GError **error) {
    for (Pass pass = PASS_PEOPLE; pass < PASSES; pass++)
        if (!run_pass(import, pass, error))
            return FALSE;
    return send_states(import, error);
}

static void print_list(Import *import, const char *title, const json_t *list) {
    size_t at;
    const json_t *line;
    json_array_foreach(list, at, line) {
        control_say(import->control, "%s%s", at == 0 ? title : "", json_string_value(line));
    }
}

static void print_report(Import *import) {
    static const ControlColumn columns[] = {
        {"Conversations", "conversations"}, {"Messages from customers", "in"},
        {"Messages to customers", "out"},   {"Notes", "note"},
        {"Attachments", "attachments"},     {"Stored", "stored"},
        {"Known already", "known"},         {0},
    };
    const char *what;
    json_t *number;
    json_t *report = json_copy(import->counts);
    json_object_set(report, "left_out", import->reading.skipped);
    json_object_set(report, "problems", import->problems);
    control_print_record(import->control, report, columns);
    json_object_foreach(import->reading.skipped, what, number) {
        control_say(import->control, "left out: %" JSON_INTEGER_FORMAT " %s",
                    json_integer_value(number), what);
    }
    print_list(import, "", import->problems);
    json_decref(report);
}

// The id of the channel of that id or name; owned.
static char *find_channel(Control *control, const char *wanted, GError **error) {
    size_t at;
    const json_t *channel;
    char *id = NULL;
    json_t *list = control_call(control, "GET", "/api/v1/channels", NULL, error);
    if (list == NULL)
        return NULL;
    json_array_foreach(json_object_get(list, "items"), at, channel) {
        const char *its_id = json_string_value(json_object_get(channel, "id"));
        const char *name = json_string_value(json_object_get(channel, "name"));
        if (id == NULL && (g_strcmp0(its_id, wanted) == 0 || g_strcmp0(name, wanted) == 0))
            id = g_strdup(its_id);
    }
    json_decref(list);
    if (id == NULL)
        error_set(error, ERROR_NOT_FOUND, "channel_unknown",
                  "no channel has the id or name \"%s\": see dialogctl channel list", wanted);
    return id;
}

static gboolean choose_path(Import *import, GError **error) {
    const char *channel = control_option(import->control, "channel");
    if (control_flag(import->control, "dry-run"))
        return TRUE;
    if (channel == NULL) {
        error_set(error, ERROR_INVALID, "channel_missing",
                  "say with --channel where the conversations belong");
        return FALSE;
    }
    g_autofree char *id = find_channel(import->control, channel, error);
    if (id == NULL)
        return FALSE;
    import->path = control_path("/api/v1/channels/%s/import/conversations", id);
    return TRUE;
}

gboolean control_import_foreign(Control *control, const char *name, GError **error) {
    const ForeignSource *source = foreign_source_find(name);
    if (source == NULL || control_argument(control, 0) == NULL) {
        error_set(error, ERROR_INVALID, "import_source",
                  "type: dialogctl import --from zammad|chatwoot|freescout|zendesk --channel"
                  " CHANNEL PATH...");
        return FALSE;
    }
    Import import = {.control = control,
                     .as = control_option(control, "as"),
                     .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                     .batch = json_object(),
                     .counts = json_object(),
                     .problems = json_array()};
    import.reading = (ForeignReading){.source = source,
                                      .book = json_object(),
                                      .skipped = json_object(),
                                      .found = found_message,
                                      .data = &import};
    import.as = import.as != NULL ? import.as : source->name;
    gboolean is_good = choose_path(&import, error) && run_passes(&import, error);
    print_report(&import);
    g_free(import.path);
    g_hash_table_unref(import.seen);
    json_t *const owned[] = {import.batch, import.counts, import.problems, import.reading.book,
                             import.reading.skipped};
    for (gsize at = 0; at < G_N_ELEMENTS(owned); at++)
        json_decref(owned[at]);
    return is_good;
}
