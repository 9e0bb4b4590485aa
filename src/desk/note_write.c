#include <string.h>

#include "base/error.h"
#include "desk/record.h"
#include "desk/reply.h"
#include "store/conversation.h"
#include "store/message.h"
#include "store/search.h"

#define NOTE_LIMIT ((gsize)100 << 10)

static gboolean check(const char *text, GError **error) {
    if (*text != '\0' && strlen(text) <= NOTE_LIMIT && g_utf8_validate(text, -1, NULL))
        return TRUE;
    error_set(error, ERROR_INVALID, "text_invalid", "a note is UTF-8 text of 1 byte to 100 KiB");
    return FALSE;
}

static gboolean add_note(Db *db, const Conversation *conversation, Id agent_id, const char *text,
                         Id message_id, GError **error) {
    Instant now = clock_now();
    MessageRow row = {.id = message_id,
                      .conversation_id = conversation->id,
                      .channel_id = conversation->channel_id,
                      .agent_id = agent_id,
                      .direction = "note",
                      .author = actor_name(agent_id != 0 ? ACTOR_AGENT : ACTOR_SYSTEM),
                      .class = "ordinary",
                      .text = text,
                      .state = "received",
                      .occurred_at = now,
                      .received_at = now,
                      .recorded_at = now};
    g_autoptr(SearchDocument) document = search_document_new();
    search_document_add_text(document, text);
    return message_add(db, &row, error) && search_add(db, message_id, document, error);
}

gboolean note_write(Db *db, Id conversation_id, Id agent_id, const char *text, Id *message_id,
                    GError **error) {
    Conversation conversation;
    gboolean found;
    if (!check(text, error) ||
        !conversation_find(db, conversation_id, &conversation, &found, error))
        return FALSE;
    if (!found) {
        error_set(error, ERROR_NOT_FOUND, "conversation_unknown", "there is no such conversation");
        return FALSE;
    }
    *message_id = id_next();
    g_autoptr(Event) event = event_new(EVENT_NOTE_ADDED, conversation.id,
                                       agent_id != 0 ? ACTOR_AGENT : ACTOR_SYSTEM, agent_id, NULL);
    event->message_id = *message_id;
    event->channel_id = conversation.channel_id;
    return add_note(db, &conversation, agent_id, text, *message_id, error) &&
           record_event(db, event, error);
}
