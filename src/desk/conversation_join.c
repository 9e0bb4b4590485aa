#include "desk/conversation_join.h"

#include <string.h>

#include "desk/record.h"
#include "store/conversation.h"

static gboolean is_older(const Conversation *a, const Conversation *b) {
    return a->created_at != b->created_at ? a->created_at < b->created_at : a->id < b->id;
}

gboolean conversation_join(Db *db, Id one, Id other, Id *kept, GError **error) {
    Conversation a, b;
    gboolean has_a, has_b;
    if (!conversation_find(db, one, &a, &has_a, error) ||
        !conversation_find(db, other, &b, &has_b, error))
        return FALSE;
    *kept = has_a ? a.id : one;
    if (!has_a || !has_b || a.id == b.id || a.is_split || b.is_split)
        return TRUE;
    const Conversation *into = is_older(&a, &b) ? &a : &b;
    const Conversation *from = into == &a ? &b : &a;
    *kept = into->id;
    json_t *data = json_pack("{s:I}", "from", (json_int_t)from->id);
    return conversation_absorb(db, into->id, from->id, error) &&
           record_happening(db, EVENT_JOINED, into->id, ACTOR_SYSTEM, 0, data, error);
}

gboolean conversation_move_thread(Db *db, Id channel_id, const char *thread_key,
                                  const char *moved_to, GError **error) {
    Conversation former, present;
    gboolean has_former, has_present;
    Id kept;
    return strcmp(thread_key, moved_to) == 0 ||
           (conversation_find_by_thread(db, channel_id, thread_key, &former, &has_former, error) &&
            conversation_find_by_thread(db, channel_id, moved_to, &present, &has_present, error) &&
            conversation_rename_thread(db, channel_id, thread_key, moved_to, error) &&
            (!has_former || !has_present ||
             conversation_join(db, former.id, present.id, &kept, error)));
}
