#include "desk/macro_run.h"

#include "base/error.h"
#include "desk/conversation_undo.h"

#define UNDO_MS 10000 // a reply can be taken back for so long

typedef struct {
    Id conversation_id;
    ActionRun *run;
    GError *problem; // known before anything was written
} MacroItem;

struct MacroRun {
    ActionList *actions;
    Id agent_id;
    GPtrArray *items; // of MacroItem
};

static void item_free(gpointer data) {
    MacroItem *item = data;
    action_run_free(item->run);
    g_clear_error(&item->problem);
    g_free(item);
}

MacroRun *macro_run_new(ActionList *actions, Id agent_id) {
    MacroRun *run = g_new0(MacroRun, 1);
    run->actions = actions;
    run->agent_id = agent_id;
    run->items = g_ptr_array_new_with_free_func(item_free);
    return run;
}

void macro_run_free(MacroRun *run) {
    if (run == NULL)
        return;
    g_ptr_array_unref(run->items);
    action_list_free(run->actions);
    g_free(run);
}

void macro_run_add(MacroRun *run, Id conversation_id, GError *problem) {
    MacroItem *item = g_new0(MacroItem, 1);
    item->conversation_id = conversation_id;
    item->problem = problem;
    item->run = action_run_new(run->actions, conversation_id, ACTOR_AGENT, run->agent_id);
    item->run->undo_ms = UNDO_MS;
    g_ptr_array_add(run->items, item);
}

void macro_run_prepare(MacroRun *run, const ReplyContext *context) {
    for (guint at = 0; at < run->items->len; at++) {
        MacroItem *item = run->items->pdata[at];
        if (item->problem == NULL)
            action_run_prepare(item->run, context, &item->problem);
    }
}

static json_t *id_json(Id id) {
    char text[ID_TEXT_SIZE];
    return id != 0 ? json_string(id_format(id, text)) : json_null();
}

static json_t *failed(Id id, const GError *problem) {
    return json_pack("{s:o, s:b, s:s, s:s}", "id", id_json(id), "is_done", FALSE, "code",
                     error_code(problem), "detail", problem->message);
}

// What another try would not mend is the conversation's answer; else the whole job fails.
static gboolean is_answer(const GError *problem) {
    return error_kind(problem) != ERROR_INTERNAL && error_kind(problem) != ERROR_UNAVAILABLE;
}

static json_t *run_item(Db *db, MacroItem *item, GError **error) {
    json_t *undo = NULL;
    g_autoptr(ConversationState) before = conversation_state_read(db, item->conversation_id, error);
    if (before == NULL || !action_run_apply(db, item->run, error) ||
        (undo = conversation_state_undo(db, before, error)) == NULL)
        return NULL;
    return json_pack("{s:o, s:b, s:O, s:o, s:o}", "id", id_json(item->conversation_id), "is_done",
                     TRUE, "done", item->run->done, "message_id", id_json(item->run->message_id),
                     "undo", undo);
}

// Within a savepoint of its own.
static json_t *apply_item(Db *db, MacroItem *item, GError **error) {
    g_autoptr(GError) problem = NULL;
    if (item->problem != NULL)
        return failed(item->conversation_id, item->problem);
    if (!db_savepoint(db, error))
        return NULL;
    json_t *json = run_item(db, item, &problem);
    if (json != NULL && db_savepoint_release(db, error))
        return json;
    json_decref(json);
    db_savepoint_undo(db);
    if (problem == NULL)
        return NULL;
    if (is_answer(problem))
        return failed(item->conversation_id, problem);
    g_propagate_error(error, g_steal_pointer(&problem));
    return NULL;
}

json_t *macro_run_apply(Db *db, MacroRun *run, GError **error) {
    json_t *list = json_array();
    for (guint at = 0; at < run->items->len; at++) {
        json_t *json = apply_item(db, run->items->pdata[at], error);
        if (json == NULL) {
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list, json);
    }
    return list;
}
