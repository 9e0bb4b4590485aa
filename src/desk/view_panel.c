#include "desk/view_panel.h"

#define SLOTS_MAX 24
#define VALUES_MAX 240 // of one statement, with the conversation's id

struct ViewPanel {
    GPtrArray *slots;      // of ViewSlot, borrowed
    GPtrArray *conditions; // of SearchCondition: they own what values point to
    GArray *values;        // of DbValue; $1 is the conversation
    GString *sql;
};

static void condition_free(gpointer data) {
    search_condition_clear(data);
    g_free(data);
}

static void panel_free(gpointer data) {
    ViewPanel *panel = data;
    g_ptr_array_unref(panel->slots);
    g_ptr_array_unref(panel->conditions);
    g_array_unref(panel->values);
    g_string_free(panel->sql, TRUE);
    g_free(panel);
}

static ViewPanel *panel_new(void) {
    ViewPanel *panel = g_new0(ViewPanel, 1);
    panel->slots = g_ptr_array_new();
    panel->conditions = g_ptr_array_new_with_free_func(condition_free);
    panel->values = g_array_new(FALSE, FALSE, sizeof(DbValue));
    panel->sql = g_string_new("SELECT c.merged_into IS NULL");
    g_array_append_val(panel->values, DB_NULL);
    return panel;
}

static gboolean panel_add(ViewPanel *panel, Db *db, ViewSlot *slot, GError **error) {
    SearchCondition *condition = g_new0(SearchCondition, 1);
    SearchAsk ask = {.me = slot->me,
                     .viewer = slot->viewer,
                     .now = clock_now(),
                     .first = panel->values->len + 1,
                     .has_words = TRUE,
                     .is_single = TRUE};
    g_ptr_array_add(panel->conditions, condition);
    if (!search_condition_init(condition, db, slot->query, &ask, error))
        return FALSE;
    g_ptr_array_add(panel->slots, slot);
    g_string_append_printf(panel->sql, ", (1 = 1%s)", condition->sql->str);
    g_array_append_vals(panel->values, condition->values->data, condition->values->len);
    return TRUE;
}

static gboolean has_room(const ViewPanel *panel) {
    return panel->slots->len < SLOTS_MAX && panel->values->len + SEARCH_VALUES_MAX < VALUES_MAX;
}

GPtrArray *view_panels_new(Db *db, const GPtrArray *slots, GError **error) {
    g_autoptr(GPtrArray) panels = g_ptr_array_new_with_free_func(panel_free);
    ViewPanel *panel = NULL;
    for (guint at = 0; at < slots->len; at++) {
        if (panel == NULL || !has_room(panel)) {
            panel = panel_new();
            g_ptr_array_add(panels, panel);
        }
        if (!panel_add(panel, db, slots->pdata[at], error))
            return NULL;
    }
    for (guint at = 0; at < panels->len; at++)
        g_string_append(((ViewPanel *)panels->pdata[at])->sql,
                        " FROM conversation c WHERE c.id = $1");
    return g_steal_pointer(&panels);
}

static gboolean panel_ask(const ViewPanel *panel, Db *db, Id conversation_id, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_array_index(panel->values, DbValue, 0) = DB_INT(conversation_id);
    g_autoptr(DbRows) rows =
        db_query(db, panel->sql->str, (const DbValue *)(void *)panel->values->data,
                 panel->values->len, error);
    if (rows == NULL)
        return FALSE;
    gboolean stands = db_rows_next(rows, &failure) && db_rows_int(rows, 0) != 0;
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    for (guint at = 0; at < panel->slots->len; at++)
        view_slot_set(panel->slots->pdata[at], conversation_id,
                      stands && db_rows_int(rows, (int)at + 1) != 0);
    return TRUE;
}

gboolean view_panels_ask(const GPtrArray *panels, Db *db, Id conversation_id, GError **error) {
    for (guint at = 0; at < panels->len; at++)
        if (!panel_ask(panels->pdata[at], db, conversation_id, error))
            return FALSE;
    return TRUE;
}
