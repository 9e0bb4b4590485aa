#include "desk/draft_change.h"

#include "base/error.h"
#include "desk/record.h"
#include "store/conversation.h"
#include "store/upload.h"

#define TOLD_EVERY_MS 10000 // a draft is saved more often than others need to hear

// The draft of the very conversation that the writer names, else of the one that it leads to
// (*kept).
static gboolean find(Db *db, DraftSave *save, Id *kept, GError **error) {
    Conversation conversation;
    gboolean found;
    g_clear_pointer(&save->stored, draft_free);
    if (!conversation_find(db, save->conversation_id, &conversation, &found, error))
        return FALSE;
    if (!found) {
        error_set(error, ERROR_NOT_FOUND, "conversation_unknown", "there is no such conversation");
        return FALSE;
    }
    *kept = conversation.id;
    if (!draft_find(db, save->conversation_id, save->owner_id, &save->stored, error))
        return FALSE;
    return save->stored != NULL || conversation.id == save->conversation_id ||
           draft_find(db, conversation.id, save->owner_id, &save->stored, error);
}

static gboolean check_rev(const DraftSave *save, GError **error) {
    gint64 rev = save->stored != NULL ? save->stored->rev : 0;
    if (save->rev == rev)
        return TRUE;
    if (rev == 0)
        error_set(error, ERROR_CONFLICT, "draft_gone",
                  "this draft was sent or removed meanwhile: save with rev 0 to begin it again");
    else
        error_set(error, ERROR_CONFLICT, "draft_conflict",
                  "the draft was saved elsewhere meanwhile: compare, then save with its rev");
    return FALSE;
}

static gboolean record(Db *db, const Draft *draft, Id kept, Id agent_id, gboolean is_removed,
                       GError **error) {
    json_t *data = json_pack("{s:I, s:I, s:I, s:b}", "draft", (json_int_t)draft->id, "owner",
                             (json_int_t)draft->owner_id, "rev", (json_int_t)draft->rev, "removed",
                             is_removed);
    return record_happening(db, EVENT_DRAFT_CHANGED, kept, ACTOR_AGENT, agent_id, data, error);
}

// The row as it is to be.
static Draft *next_of(const DraftSave *save, Id kept, Instant now) {
    const Draft *stored = save->stored;
    Draft *draft = g_new0(Draft, 1);
    gboolean is_told = stored != NULL && now - stored->told_at < TOLD_EVERY_MS;
    *draft = (Draft){.id = stored != NULL ? stored->id : id_next(),
                     .conversation_id = stored != NULL ? stored->conversation_id : kept,
                     .owner_id = save->owner_id,
                     .agent_id = save->agent_id,
                     .mode = g_strdup(save->mode),
                     .content = g_strdup(save->content),
                     .rev = save->rev + 1,
                     .updated_at = now,
                     .told_at = is_told ? stored->told_at : now};
    return draft;
}

static gboolean touch_uploads(Db *db, const DraftSave *save, const Draft *draft, GError **error) {
    Id conversation_id = draft->owner_id == 0 ? draft->conversation_id : 0;
    for (guint at = 0; at < save->uploads->len; at++)
        if (!upload_touch(db, g_array_index(save->uploads, Id, at), conversation_id,
                          draft->updated_at, error))
            return FALSE;
    return TRUE;
}

gboolean draft_save(Db *db, DraftSave *save, GError **error) {
    Id kept = 0;
    if (!find(db, save, &kept, error) || !check_rev(save, error))
        return FALSE;
    g_autoptr(Draft) draft = next_of(save, kept, clock_now());
    gboolean is_new = save->stored == NULL;
    if (!(is_new ? draft_add(db, draft, error) : draft_change(db, draft, error)) ||
        !touch_uploads(db, save, draft, error) ||
        (draft->told_at == draft->updated_at &&
         !record(db, draft, kept, save->agent_id, FALSE, error)))
        return FALSE;
    draft_free(save->stored);
    save->stored = g_steal_pointer(&draft);
    return TRUE;
}

gboolean draft_discard(Db *db, DraftSave *save, GError **error) {
    Id kept = 0;
    if (!find(db, save, &kept, error))
        return FALSE;
    if (save->stored == NULL)
        return TRUE;
    return (save->rev == 0 || check_rev(save, error)) &&
           draft_remove(db, save->stored->id, error) &&
           record(db, save->stored, kept, save->agent_id, TRUE, error);
}

gboolean draft_record_sent(Db *db, Id draft_id, Id conversation_id, Id agent_id, GError **error) {
    json_t *data = json_pack("{s:I, s:b}", "draft", (json_int_t)draft_id, "removed", TRUE);
    return record_happening(db, EVENT_DRAFT_CHANGED, conversation_id, ACTOR_AGENT, agent_id, data,
                            error);
}
