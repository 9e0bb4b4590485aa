#include "desk/view_slot.h"

#include "store/conversation_list.h"

static gpointer id_key(Id id) {
    return (gpointer)(gintptr)id;
}

// Ids made at once differ in their upper bits alone by little: all of them count.
static guint id_hash(gconstpointer key) {
    guint64 id = (guint64)(guintptr)key;
    return (guint)((id * 0x9E3779B97F4A7C15ULL) >> 32);
}

char *view_slot_key(const char *line, Id me, Id viewer) {
    return g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", me, viewer, line);
}

static gboolean asks_of_customers(const SearchQuery *query) {
    for (guint at = 0; at < query->filters->len; at++) {
        const SearchFilter *filter = query->filters->pdata[at];
        if (filter->kind == SEARCH_CUSTOMER || filter->kind == SEARCH_LANGUAGE)
            return TRUE;
    }
    return FALSE;
}

ViewSlot *view_slot_new(const char *line, Id me, Id viewer, guint most) {
    SearchQuery *query = search_query_parse(line, NULL);
    if (query == NULL)
        return NULL;
    ViewSlot *slot = g_new0(ViewSlot, 1);
    slot->key = view_slot_key(line, me, viewer);
    slot->query = query;
    slot->me = me;
    slot->viewer = viewer;
    slot->most = most;
    slot->is_stale = TRUE;
    slot->drifts = search_query_asks_when(query) || asks_of_customers(query);
    return slot;
}

void view_slot_free(ViewSlot *slot) {
    if (slot == NULL)
        return;
    g_free(slot->key);
    search_query_free(slot->query);
    g_clear_pointer(&slot->members, g_hash_table_unref);
    g_free(slot);
}

gboolean view_slot_make(ViewSlot *slot, Db *db, GError **error) {
    const SearchQuery *const queries[] = {slot->query, NULL};
    ConversationList list = {.queries = queries,
                             .me = slot->me,
                             .viewer = slot->viewer,
                             .now = clock_now(),
                             .limit = slot->most};
    g_autoptr(GError) failure = NULL;
    g_autoptr(GHashTable) members = g_hash_table_new(id_hash, NULL);
    g_autoptr(DbRows) rows = conversation_list_query(db, &list, "1", "", error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &failure))
        g_hash_table_add(members, id_key(db_rows_id(rows, 2)));
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    g_clear_pointer(&slot->members, g_hash_table_unref);
    if (g_hash_table_size(members) <= slot->most)
        slot->members = g_steal_pointer(&members);
    slot->is_stale = FALSE;
    slot->made_at = clock_monotonic();
    return TRUE;
}

void view_slot_set(ViewSlot *slot, Id id, gboolean is_member) {
    if (slot->members == NULL)
        return;
    if (is_member)
        g_hash_table_add(slot->members, id_key(id));
    else
        g_hash_table_remove(slot->members, id_key(id));
    if (g_hash_table_size(slot->members) > slot->most)
        g_clear_pointer(&slot->members, g_hash_table_unref);
}

gint64 view_slot_count(const ViewSlot *slot, gboolean *is_exact) {
    *is_exact = slot->members != NULL;
    return slot->members != NULL ? g_hash_table_size(slot->members) : slot->most;
}
