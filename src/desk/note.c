#include "desk/note.h"

#include <string.h>

#include "base/error.h"
#include "desk/mention.h"
#include "desk/record.h"
#include "desk/reply.h"
#include "store/conversation.h"
#include "store/message.h"
#include "store/search.h"

#define NOTE_LIMIT ((gsize)100 << 10)

static gboolean check_text(const char *text, GError **error) {
    if (*text != '\0' && strlen(text) <= NOTE_LIMIT && g_utf8_validate(text, -1, NULL))
        return TRUE;
    error_set(error, ERROR_INVALID, "text_invalid", "a note is UTF-8 text of 1 byte to 100 KiB");
    return FALSE;
}

static Actor author_of(const Note *note) {
    if (note->rule_id != 0)
        return ACTOR_RULE;
    return note->agent_id != 0 ? ACTOR_AGENT : ACTOR_SYSTEM;
}

static gboolean add_note(Db *db, const Conversation *conversation, const Note *note, Id message_id,
                         GError **error) {
    Instant now = clock_now();
    MessageRow row = {.id = message_id,
                      .conversation_id = conversation->id,
                      .channel_id = conversation->channel_id,
                      .agent_id = note->agent_id,
                      .direction = "note",
                      .author = actor_name(author_of(note)),
                      .class = "ordinary",
                      .text = note->text,
                      .state = "received",
                      .occurred_at = now,
                      .received_at = now,
                      .recorded_at = now};
    g_autoptr(SearchDocument) document = search_document_new();
    search_document_add_text(document, note->text);
    return message_add(db, &row, error) && search_add(db, message_id, document, error);
}

static gboolean find_conversation(Db *db, Id id, Conversation *conversation, GError **error) {
    gboolean found;
    if (!conversation_find(db, id, conversation, &found, error))
        return FALSE;
    if (!found)
        error_set(error, ERROR_NOT_FOUND, "conversation_unknown", "there is no such conversation");
    return found;
}

static gboolean record(Db *db, EventType type, const Conversation *conversation, const Note *note,
                       Id message_id, GError **error) {
    Id author_id = note->rule_id != 0 ? note->rule_id : note->agent_id;
    g_autoptr(Event) event = event_new(type, conversation->id, author_of(note), author_id, NULL);
    event->message_id = message_id;
    event->channel_id = conversation->channel_id;
    return record_event(db, event, error);
}

gboolean note_add(Db *db, const Note *note, Id *message_id, GError **error) {
    Conversation conversation;
    if (!check_text(note->text, error) ||
        !find_conversation(db, note->conversation_id, &conversation, error))
        return FALSE;
    *message_id = id_next();
    return add_note(db, &conversation, note, *message_id, error) &&
           record(db, EVENT_NOTE_ADDED, &conversation, note, *message_id, error) &&
           (note->mentions == NULL ||
            mention_set(db, conversation.id, *message_id, note->agent_id, note->mentions, error));
}

gboolean note_write(Db *db, Id conversation_id, Id agent_id, const char *text, Id *message_id,
                    GError **error) {
    const Note note = {.conversation_id = conversation_id, .agent_id = agent_id, .text = text};
    return note_add(db, &note, message_id, error);
}

// The note as it stands. FALSE with an error unless it is there and the agent's own.
static gboolean find_own(Db *db, Id message_id, Id agent_id, Conversation *conversation,
                         GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT conversation_id, agent_id, removed_at FROM message WHERE id = $1 AND"
                 " direction = 'note'",
                 DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL)
        return FALSE;
    if (!db_rows_next(rows, &failure)) {
        if (failure == NULL)
            error_set(&failure, ERROR_NOT_FOUND, "message_unknown", "there is no such note");
        g_propagate_error(error, failure);
        return FALSE;
    }
    Id conversation_id = db_rows_id(rows, 0);
    gboolean is_own = db_rows_id(rows, 1) == agent_id, is_removed = !db_rows_is_null(rows, 2);
    g_clear_pointer(&rows, db_rows_free);
    if (!is_own)
        error_set(error, ERROR_DENIED, "note_not_yours", "only its writer changes a note");
    else if (is_removed)
        error_set(error, ERROR_CONFLICT, "note_removed", "this note was removed");
    return is_own && !is_removed && find_conversation(db, conversation_id, conversation, error);
}

static gboolean keep_version(Db *db, Id message_id, Id agent_id, GError **error) {
    return db_run(db,
                  "INSERT INTO note_version (message_id, number, text, agent_id, replaced_at)"
                  " SELECT id, edited_version + 1, text, $2, $3 FROM message WHERE id = $1",
                  DB_VALUES(DB_ID(message_id), DB_ID(agent_id), DB_INSTANT(clock_now())), error);
}

static gboolean replace_text(Db *db, Id message_id, const char *text, GError **error) {
    g_autoptr(SearchDocument) document = search_document_new();
    search_document_add_text(document, text);
    return search_change(db, message_id, document, error) &&
           db_run(db,
                  "UPDATE message SET text = $2, edited_version = edited_version + 1 WHERE id = $1",
                  DB_VALUES(DB_ID(message_id), DB_TEXT(text)), error);
}

static gboolean change_text(Db *db, Id message_id, const Note *note,
                            const Conversation *conversation, GError **error) {
    return keep_version(db, message_id, note->agent_id, error) &&
           replace_text(db, message_id, note->text, error) &&
           record(db, EVENT_EDITED, conversation, note, message_id, error);
}

gboolean note_change(Db *db, Id message_id, const Note *note, GError **error) {
    Conversation conversation;
    return (note->text == NULL || check_text(note->text, error)) &&
           find_own(db, message_id, note->agent_id, &conversation, error) &&
           (note->text == NULL || change_text(db, message_id, note, &conversation, error)) &&
           (note->mentions == NULL ||
            mention_set(db, conversation.id, message_id, note->agent_id, note->mentions, error));
}

gboolean note_remove(Db *db, Id message_id, Id agent_id, GError **error) {
    Conversation conversation;
    return find_own(db, message_id, agent_id, &conversation, error) &&
           keep_version(db, message_id, agent_id, error) &&
           replace_text(db, message_id, "", error) &&
           db_run(db, "UPDATE message SET removed_at = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(message_id), DB_INSTANT(clock_now())), error) &&
           record(db, EVENT_REMOVED, &conversation, &(Note){.agent_id = agent_id}, message_id,
                  error);
}
