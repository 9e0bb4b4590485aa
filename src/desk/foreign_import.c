#include "desk/foreign_import.h"

#include <string.h>

#include "base/error.h"
#include "model/reply_text.h"

#define CONVERSATIONS_MAX 100

// One conversation with what was made ready of it.
typedef struct {
    ForeignConversation *conversation;
    GPtrArray *deliveries; // of Delivery, NULL for notes
} Ready;

typedef struct {
    const ForeignImport *import;
    GPtrArray *ready; // of Ready
    ForeignCounts *counts;
    json_t *problems; // that were known before the job
} Job;

static void ready_free(gpointer data) {
    Ready *ready = data;
    foreign_conversation_free(ready->conversation);
    g_ptr_array_unref(ready->deliveries);
    g_free(ready);
}

static void delivery_free_or_null(gpointer delivery) {
    delivery_free(delivery);
}

static gboolean clean(const ForeignImport *import, Incoming *incoming, GError **error) {
    if (incoming->html != NULL) {
        char *html = NULL, *text = NULL;
        if (!parser_pool_clean_html_wait(import->parsers, incoming->html, &html, &text, error))
            return FALSE;
        g_free(incoming->html);
        incoming->html = html;
        g_free(incoming->text);
        incoming->text = text;
    }
    g_autofree char *valid = g_utf8_make_valid(incoming->text, -1);
    g_autoptr(ReplyText) parts = reply_text_split(valid);
    g_free(incoming->text);
    incoming->text = g_steal_pointer(&valid);
    g_free(incoming->new_text);
    incoming->new_text = g_strdup(parts->new_text);
    return TRUE;
}

// Takes the message's incoming.
static Delivery *delivery_of(const ForeignImport *import, ForeignMessage *message, GError **error) {
    g_autofree char *key = g_strconcat(import->source, ";", message->id, NULL);
    g_autoptr(Delivery) delivery = delivery_new(import->channel->id, "import", key, NULL);
    delivery->occurred_at = message->incoming->occurred_at;
    delivery_take_incoming(delivery, g_steal_pointer(&message->incoming));
    return delivery_prepare(delivery, import->store, error) ? g_steal_pointer(&delivery) : NULL;
}

// A message that the parser refuses is left out; only our own trouble is an error.
static gboolean prepare_message(const ForeignImport *import, Ready *ready, ForeignMessage *message,
                                json_t *problems, GError **error) {
    g_autoptr(GError) failure = NULL;
    Delivery *delivery = NULL;
    if (clean(import, message->incoming, &failure) && !message->is_note)
        delivery = delivery_of(import, message, &failure);
    if (failure != NULL && error_can_retry(failure)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (failure != NULL)
        foreign_problem_add(problems, ready->conversation->id, message->id, failure->message);
    g_ptr_array_add(ready->deliveries, delivery);
    return TRUE;
}

static gboolean prepare(const ForeignImport *import, const json_t *json, Job *job, GError **error) {
    const char *address = import->channel->address;
    ForeignPlace place = {.source = import->source,
                          .address = address != NULL ? address : "",
                          .is_mail = g_str_equal(import->channel->kind, "email")};
    g_autoptr(GError) failure = NULL;
    ForeignConversation *conversation =
        foreign_conversation_read(json, &place, job->problems, &failure);
    if (conversation == NULL) {
        const char *id = json_string_value(json_object_get(json, "id"));
        foreign_problem_add(job->problems, id != NULL ? id : "", NULL, failure->message);
        return TRUE;
    }
    Ready *ready = g_new0(Ready, 1);
    ready->conversation = conversation;
    ready->deliveries = g_ptr_array_new_with_free_func(delivery_free_or_null);
    g_ptr_array_add(job->ready, ready);
    for (guint at = 0; at < conversation->messages->len; at++)
        if (!prepare_message(import, ready, conversation->messages->pdata[at], job->problems,
                             error))
            return FALSE;
    return TRUE;
}

// What one conversation spoils is its own alone.
static gboolean write_one(Db *db, const ForeignDoor *door, const Ready *ready, GError **error) {
    g_autoptr(GError) failure = NULL;
    ForeignCounts before = *door->counts;
    if (!db_savepoint(db, error))
        return FALSE;
    if (foreign_write(db, door, ready->conversation, ready->deliveries, &failure))
        return db_savepoint_release(db, error);
    db_savepoint_undo(db);
    *door->counts = before;
    if (error_can_retry(failure)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    foreign_problem_add(door->counts->problems, ready->conversation->id, NULL, failure->message);
    return TRUE;
}

// May run twice: counts begin anew.
static gboolean run_job(Db *db, gpointer data, GError **error) {
    Job *job = data;
    json_t *problems = job->counts->problems;
    *job->counts = (ForeignCounts){.problems = problems};
    json_array_clear(problems);
    json_array_extend(problems, job->problems);
    ForeignDoor door = {.inbound = job->import->inbound,
                        .channel_id = job->import->channel->id,
                        .source = job->import->source,
                        .counts = job->counts};
    for (guint at = 0; at < job->ready->len; at++)
        if (!write_one(db, &door, job->ready->pdata[at], error))
            return FALSE;
    return TRUE;
}

static gboolean check(const ForeignImport *import, const json_t *conversations, GError **error) {
    gsize length = strlen(import->source);
    if (length == 0 || length > 64 || strchr(import->source, ';') != NULL)
        error_set(error, ERROR_INVALID, "source_invalid",
                  "source names the other installation in 1 to 64 bytes without a semicolon");
    else if (!json_is_array(conversations) || json_array_size(conversations) > CONVERSATIONS_MAX)
        error_set(error, ERROR_INVALID, "conversations_invalid",
                  "conversations is an array of at most %d", CONVERSATIONS_MAX);
    else
        return TRUE;
    return FALSE;
}

gboolean foreign_import(const ForeignImport *import, const json_t *conversations,
                        ForeignCounts *counts, GError **error) {
    if (!check(import, conversations, error))
        return FALSE;
    Job job = {.import = import, .counts = counts, .problems = json_array()};
    job.ready = g_ptr_array_new_with_free_func(ready_free);
    gboolean is_good = TRUE;
    size_t at;
    const json_t *json;
    json_array_foreach(conversations, at, json) {
        is_good = is_good && prepare(import, json, &job, error);
    }
    is_good = is_good && writer_run(store_writer(import->store), run_job, &job, error);
    g_ptr_array_unref(job.ready);
    json_decref(job.problems);
    return is_good;
}
