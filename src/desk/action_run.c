#include "desk/action_run.h"

#include <string.h>

#include "base/error.h"
#include "desk/action_reply.h"
#include "desk/assignment.h"
#include "desk/conversation_change.h"
#include "desk/note.h"
#include "desk/notice.h"
#include "desk/record.h"
#include "desk/template_values.h"
#include "desk/webhook.h"
#include "model/template.h"

#define MINUTE_MS 60000

ActionRun *action_run_new(const ActionList *actions, Id conversation_id, Actor actor, Id actor_id) {
    ActionRun *run = g_new0(ActionRun, 1);
    run->actions = actions;
    run->conversation_id = conversation_id;
    run->actor = actor;
    run->actor_id = actor_id;
    return run;
}

void action_run_free(ActionRun *run) {
    if (run == NULL)
        return;
    g_free(run->reply_key);
    reply_free(run->reply);
    g_clear_pointer(&run->values, g_hash_table_unref);
    json_decref(run->done);
    g_free(run);
}

static Id writer_of(const ActionRun *run) {
    return run->actor == ACTOR_AGENT ? run->actor_id : 0;
}

static gboolean load_values(ActionRun *run, Db *db, GError **error) {
    g_clear_pointer(&run->values, g_hash_table_unref);
    run->values = template_values_load(db, run->conversation_id, writer_of(run),
                                       run->actor != ACTOR_AGENT, error);
    return run->values != NULL;
}

gboolean action_run_prepare(ActionRun *run, const ReplyContext *context, GError **error) {
    const Action *reply = action_list_find(run->actions, ACTION_REPLY);
    if (reply == NULL && action_list_find(run->actions, ACTION_NOTE) == NULL)
        return TRUE;
    Db *db = store_reader_take(context->store, error);
    if (db == NULL)
        return FALSE;
    gboolean good =
        load_values(run, db, error) && (reply == NULL || action_reply_make(run, reply, db, error));
    store_reader_give(context->store, db);
    return good && (run->reply == NULL || action_reply_prepare(run, context, error));
}

static gboolean change(Db *db, const ActionRun *run, const ConversationChange *change,
                       GError **error) {
    ConversationActor who = {run->actor, run->actor_id};
    return conversation_change_by(db, run->conversation_id, change, who, error) &&
           (!change->sets_assignee || assignment_check(db, run->conversation_id, error));
}

static gboolean apply_assign_agent(Db *db, ActionRun *run, const Action *action, GError **error) {
    return change(db, run, &(ConversationChange){.sets_assignee = TRUE, .assignee_id = action->id},
                  error);
}

static gboolean apply_assign_team(Db *db, ActionRun *run, const Action *action, GError **error) {
    return change(db, run, &(ConversationChange){.sets_team = TRUE, .team_id = action->id}, error);
}

static gboolean apply_assign_me(Db *db, ActionRun *run, G_GNUC_UNUSED const Action *action,
                                GError **error) {
    return change(db, run,
                  &(ConversationChange){.sets_assignee = TRUE, .assignee_id = writer_of(run)},
                  error);
}

static gboolean apply_unassign(Db *db, ActionRun *run, G_GNUC_UNUSED const Action *action,
                               GError **error) {
    return change(db, run, &(ConversationChange){.sets_assignee = TRUE, .sets_team = TRUE}, error);
}

static gboolean apply_status(Db *db, ActionRun *run, const Action *action, GError **error) {
    return change(db, run, &(ConversationChange){.status = action->text}, error);
}

static gboolean apply_snooze(Db *db, ActionRun *run, const Action *action, GError **error) {
    Instant until =
        action->until != INSTANT_NONE ? action->until : clock_now() + action->number * MINUTE_MS;
    return change(db, run, &(ConversationChange){.status = "snoozed", .snoozed_until = until},
                  error);
}

static gboolean apply_add_tag(Db *db, ActionRun *run, const Action *action, GError **error) {
    const char *const tags[] = {action->text, NULL};
    return change(db, run, &(ConversationChange){.add_tags = tags}, error);
}

static gboolean apply_remove_tag(Db *db, ActionRun *run, const Action *action, GError **error) {
    const char *const tags[] = {action->text, NULL};
    return change(db, run, &(ConversationChange){.remove_tags = tags}, error);
}

static gboolean apply_priority(Db *db, ActionRun *run, const Action *action, GError **error) {
    return change(db, run, &(ConversationChange){.sets_priority = TRUE, .priority = action->number},
                  error);
}

static gboolean apply_reply(Db *db, ActionRun *run, G_GNUC_UNUSED const Action *action,
                            GError **error) {
    return action_reply_write(db, run, error);
}

static gboolean apply_note(Db *db, ActionRun *run, const Action *action, GError **error) {
    Id id;
    g_autofree char *text = template_render(action->text, TEMPLATE_TEXT, run->values);
    const Note note = {.conversation_id = run->conversation_id,
                       .agent_id = writer_of(run),
                       .rule_id = run->actor == ACTOR_RULE ? run->actor_id : 0,
                       .text = text};
    return note_add(db, &note, &id, error);
}

static gboolean apply_field(Db *db, ActionRun *run, const Action *action, GError **error) {
    json_t *fields = json_object();
    json_object_set(fields, action->text, action->value);
    gboolean good = change(db, run, &(ConversationChange){.fields = fields}, error);
    json_decref(fields);
    return good;
}

static gboolean apply_no_reply_needed(Db *db, ActionRun *run, G_GNUC_UNUSED const Action *action,
                                      GError **error) {
    return change(db, run, &(ConversationChange){.no_reply_needed = TRUE}, error);
}

static json_t *id_json(Id id) {
    char text[ID_TEXT_SIZE];
    id_format(id, text);
    return json_string(text);
}

static gboolean apply_webhook(Db *db, ActionRun *run, const Action *action, GError **error) {
    json_t *data =
        json_pack("{s:o, s:s, s:o}", "conversation_id", id_json(run->conversation_id), "by",
                  actor_name(run->actor), run->actor == ACTOR_RULE ? "rule_id" : "agent_id",
                  id_json(run->actor_id));
    return webhook_enqueue(db, action->id, data, error);
}

static gboolean apply_notify(Db *db, ActionRun *run, const Action *action, GError **error) {
    g_autoptr(Event) event =
        event_new(EVENT_FOLLOWED, run->conversation_id, run->actor, run->actor_id, NULL);
    return notice_add(db, action->id, "automation", event, error);
}

typedef gboolean (*Apply)(Db *db, ActionRun *run, const Action *action, GError **error);

static const Apply appliers[ACTION_TYPES] = {
    [ACTION_ASSIGN_AGENT] = apply_assign_agent,
    [ACTION_ASSIGN_TEAM] = apply_assign_team,
    [ACTION_ASSIGN_ME] = apply_assign_me,
    [ACTION_UNASSIGN] = apply_unassign,
    [ACTION_SET_STATUS] = apply_status,
    [ACTION_SNOOZE] = apply_snooze,
    [ACTION_ADD_TAG] = apply_add_tag,
    [ACTION_REMOVE_TAG] = apply_remove_tag,
    [ACTION_SET_PRIORITY] = apply_priority,
    [ACTION_REPLY] = apply_reply,
    [ACTION_NOTE] = apply_note,
    [ACTION_SET_FIELD] = apply_field,
    [ACTION_CALL_WEBHOOK] = apply_webhook,
    [ACTION_NO_REPLY_NEEDED] = apply_no_reply_needed,
    [ACTION_NOTIFY_AGENT] = apply_notify,
};

static gboolean apply(Db *db, ActionRun *run, const Action *action, GError **error) {
    const char *name = action_type_name(action->type);
    if (!appliers[action->type](db, run, action, error)) {
        g_prefix_error(error, "%s: ", name);
        return FALSE;
    }
    if (action->type != ACTION_REPLY || run->withheld == NULL)
        json_array_append_new(run->done, json_string(name));
    return TRUE;
}

gboolean action_run_apply(Db *db, ActionRun *run, GError **error) {
    json_decref(run->done);
    run->done = json_array();
    run->message_id = 0;
    for (guint at = 0; at < run->actions->actions->len; at++)
        if (!apply(db, run, run->actions->actions->pdata[at], error))
            return FALSE;
    return TRUE;
}
