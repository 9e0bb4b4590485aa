#include "desk/wait_folder.h"

#include "store/event.h"

static GPtrArray *family_events(Db *db, const GArray *family, GError **error) {
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    for (guint at = 0; at < family->len; at++) {
        g_autoptr(GPtrArray) events =
            event_list_of_conversation(db, g_array_index(family, Id, at), error);
        if (events == NULL)
            return NULL;
        g_ptr_array_extend_and_steal(all, g_steal_pointer(&events));
    }
    return g_steal_pointer(&all);
}

static gboolean fold_save(Db *db, const WaitFold *fold, gboolean is_linked,
                          CalendarShelf *calendars, GError **error) {
    for (guint at = 0; at < fold->lanes->len; at++) {
        const WaitLane *lane = g_ptr_array_index(fold->lanes, at);
        if (!wait_lane_save(db, lane, is_linked, calendars, error))
            return FALSE;
        if (lane->wait != NULL &&
            !wait_set_waiting_since(db, lane->conversation_id, lane->wait->started_at, error))
            return FALSE;
    }
    return TRUE;
}

gboolean wait_folder_init(WaitFolder *folder, Db *db, GError **error) {
    folder->db = db;
    folder->channels = wait_channel_list(db, error);
    folder->calendars = folder->channels == NULL ? NULL : calendar_shelf_new(db);
    folder->sla = (SlaFolder){0};
    return folder->channels != NULL &&
           sla_folder_init(&folder->sla, db, folder->calendars, INSTANT_NONE, error);
}

void wait_folder_clear(WaitFolder *folder) {
    g_clear_pointer(&folder->channels, g_array_unref);
    g_clear_pointer(&folder->calendars, calendar_shelf_free);
    sla_folder_clear(&folder->sla);
}

static gboolean folder_fold(WaitFolder *folder, const GArray *family, GError **error) {
    g_autoptr(GPtrArray) events = family_events(folder->db, family, error);
    if (events == NULL)
        return FALSE;
    WaitRules rules = {(const WaitChannel *)(gconstpointer)folder->channels->data,
                       folder->channels->len};
    g_autoptr(WaitFold) fold = wait_fold_new(events, &rules);
    for (guint at = 0; at < family->len; at++)
        if (!wait_remove_conversation(folder->db, g_array_index(family, Id, at), error))
            return FALSE;
    return fold_save(folder->db, fold, family->len > 1, folder->calendars, error) &&
           sla_folder_fold(&folder->sla, family, events, error);
}

gboolean wait_folder_fold(WaitFolder *folder, Id conversation_id, GError **error) {
    g_autoptr(GArray) family = wait_link_family(folder->db, conversation_id, error);
    return family != NULL && folder_fold(folder, family, error);
}

gboolean wait_folder_fold_all(Db *db, const Id *conversations, gsize count, GError **error) {
    WaitFolder folder;
    gboolean is_done = wait_folder_init(&folder, db, error);
    for (gsize at = 0; is_done && at < count; at++)
        is_done = wait_folder_fold(&folder, conversations[at], error);
    wait_folder_clear(&folder);
    return is_done;
}
