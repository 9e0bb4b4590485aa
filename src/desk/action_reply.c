#include "desk/action_reply.h"

#include "base/error.h"
#include "desk/template_values.h"
#include "model/template.h"
#include "store/canned.h"

static char *render(const char *text, TemplateContext context, GHashTable *values) {
    return text != NULL ? template_render(text, context, values) : NULL;
}

// A rule's subject is never the customer's (reliability.md E12).
static char *make_subject(const ActionRun *run, const char *subject) {
    if (subject == NULL && run->actor != ACTOR_AGENT)
        subject = "{{channel.name}}";
    return render(subject, TEMPLATE_SUBJECT, run->values);
}

static void fill(ActionRun *run, const char *subject, const char *text, const char *html) {
    Reply *reply = reply_new();
    reply->conversation_id = run->conversation_id;
    reply->author = run->actor;
    reply->agent_id = run->actor == ACTOR_AGENT ? run->actor_id : 0;
    reply->client_key = g_strdup(run->reply_key);
    reply->omits_quote = run->actor != ACTOR_AGENT;
    reply->undo_ms = run->undo_ms;
    reply->subject = make_subject(run, subject);
    reply->text = text != NULL && *text != '\0' ? render(text, TEMPLATE_TEXT, run->values) : NULL;
    reply->html = render(html, TEMPLATE_HTML, run->values);
    reply_free(run->reply);
    run->reply = reply;
}

static gboolean fill_canned(ActionRun *run, Id canned_id, Db *db, GError **error) {
    g_autoptr(Canned) canned = canned_get(db, canned_id, NULL, error);
    if (canned == NULL)
        return FALSE;
    g_autofree char *language = template_language(db, run->conversation_id, error);
    const CannedText *text = canned_choose(canned, language);
    fill(run, text->subject, text->text, text->html);
    return TRUE;
}

gboolean action_reply_make(ActionRun *run, const Action *action, Db *db, GError **error) {
    if (action->id != 0)
        return fill_canned(run, action->id, db, error);
    fill(run, action->subject, action->text, action->html);
    return TRUE;
}

// Takes the error: what may not be answered by a machine is no failure of the rest.
static gboolean withhold(ActionRun *run, GError *problem, GError **error) {
    gboolean is_refusal = run->actor != ACTOR_AGENT && (error_kind(problem) == ERROR_DENIED ||
                                                        error_kind(problem) == ERROR_LIMIT ||
                                                        error_kind(problem) == ERROR_INVALID);
    if (!is_refusal) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    run->withheld = error_code(problem);
    g_error_free(problem);
    return TRUE;
}

gboolean action_reply_prepare(ActionRun *run, const ReplyContext *context, GError **error) {
    GError *problem = NULL;
    if (run->withheld != NULL || reply_prepare(run->reply, context, &problem))
        return TRUE;
    return withhold(run, problem, error);
}

static gboolean count_use(Db *db, const ActionRun *run, GError **error) {
    const Action *action = action_list_find(run->actions, ACTION_REPLY);
    return action->id == 0 || canned_use(db, action->id, clock_now(), error);
}

gboolean action_reply_write(Db *db, ActionRun *run, GError **error) {
    GError *problem = NULL;
    if (run->withheld != NULL)
        return TRUE;
    if (!db_savepoint(db, error))
        return FALSE;
    if (!reply_write(db, run->reply, &problem)) {
        db_savepoint_undo(db);
        return withhold(run, problem, error);
    }
    run->message_id = run->reply->message_id;
    return db_savepoint_release(db, error) && count_use(db, run, error);
}
