// /api/v1/calls and /meetings: what people spoke about, written down by hand.
#include <string.h>

#include "api/call_json.h"
#include "api/field.h"
#include "api/resources.h"
#include "base/error.h"
#include "desk/call_log.h"

// Texts are borrowed from the call's body, which lives until the answer.
typedef struct {
    CallDraft draft;
} Log;

// Members as they stand in the body; what is absent stays NULL or -1.
typedef struct {
    const char *direction;
    const char *outcome;
    const json_t *started_at;
    json_int_t duration_s;
    const char *subject;
    const char *text;
} Body;

static gboolean refuse(const char *code, const char *message, GError **error) {
    error_set(error, ERROR_INVALID, code, "%s", message);
    return FALSE;
}

static gboolean read_outcome(const char *kind, const char *name, const CallOutcome **outcome,
                             GError **error) {
    if (name == NULL)
        return TRUE;
    *outcome = call_outcome_find(kind, name);
    return *outcome != NULL ||
           refuse("outcome_invalid",
                  strcmp(kind, "phone") == 0
                      ? "outcome must be answered, voicemail, no_answer, busy or failed"
                      : "outcome must be held, no_show or cancelled",
                  error);
}

// Nothing is logged that has not happened yet.
static gboolean read_start(const json_t *value, Instant *started_at, GError **error) {
    if (value == NULL)
        return TRUE;
    if (!field_read_instant("started_at", value, started_at, error))
        return FALSE;
    return (*started_at >= 0 && *started_at <= clock_now()) ||
           refuse("started_at_invalid", "started_at must not be in the future", error);
}

static gboolean read_duration(json_int_t seconds, gint64 *duration_ms, GError **error) {
    if (seconds == -1)
        return TRUE;
    if (seconds < 0 || seconds > CALL_DURATION_MAX_MS / 1000)
        return refuse("duration_invalid", "duration_s must be from 0 to 604800", error);
    *duration_ms = seconds * 1000;
    return TRUE;
}

static gboolean check_texts(const Body *body, GError **error) {
    gboolean is_direction = body->direction == NULL || strcmp(body->direction, "in") == 0 ||
                            strcmp(body->direction, "out") == 0;
    return (is_direction || refuse("direction_invalid", "direction must be in or out", error)) &&
           (body->subject == NULL || field_check_line("subject", body->subject, 0, 500, error)) &&
           (body->text == NULL || field_check_text("text", body->text, CALL_TEXT_MAX, error));
}

static gboolean read_person(CallDraft *draft, const json_t *conversation, const json_t *customer,
                            GError **error) {
    if ((conversation != NULL) + (customer != NULL || draft->address != NULL) == 0)
        return refuse("person_needed", "say who it was: customer_id, address or conversation_id",
                      error);
    if (conversation != NULL && customer != NULL)
        return refuse("person_twice", "conversation_id says whose it is: leave customer_id away",
                      error);
    return (conversation == NULL || field_read_id("conversation_id", conversation, FALSE,
                                                  &draft->conversation_id, error)) &&
           (customer == NULL ||
            field_read_id("customer_id", customer, FALSE, &draft->customer_id, error)) &&
           (draft->address == NULL || field_check_line("address", draft->address, 1, 254, error)) &&
           (draft->name == NULL || field_check_line("name", draft->name, 0, 200, error));
}

// Who spoke: the caller, or somebody else where the caller manages teams.
static gboolean read_agent(const ApiCall *call, const json_t *agent, CallDraft *draft,
                           GError **error) {
    const Principal *principal = api_call_principal(call);
    draft->agent_id = principal->agent_id;
    if (agent != NULL && !field_read_id("agent_id", agent, FALSE, &draft->agent_id, error))
        return FALSE;
    if (draft->agent_id == 0)
        return refuse("agent_needed", "say by agent_id who spoke", error);
    if (draft->agent_id == principal->agent_id || principal_may(principal, PERMISSION_TEAM_MANAGE))
        return TRUE;
    error_set(error, ERROR_DENIED, "agent_denied",
              "who manages teams may write down what others have done");
    return FALSE;
}

// What is hidden from the caller is not there.
static gboolean see(ApiCall *call, const CallDraft *draft, GError **error) {
    return (draft->conversation_id == 0 ||
            api_call_see(call, VISIBILITY_CONVERSATION, draft->conversation_id, error)) &&
           (draft->customer_id == 0 ||
            api_call_see(call, VISIBILITY_CUSTOMER, draft->customer_id, error)) &&
           (draft->channel_id == 0 ||
            api_call_see(call, VISIBILITY_CHANNEL, draft->channel_id, error));
}

static gboolean decode_log(ApiCall *call, CallDraft *draft, GError **error) {
    const json_t *conversation = NULL;
    const json_t *customer = NULL;
    const json_t *channel = NULL;
    const json_t *agent = NULL;
    Body body = {.duration_s = 0};
    draft->started_at = clock_now();
    draft->viewer = api_call_viewer(call);
    if (!api_call_unpack(
            call, error, "{s?o, s?o, s?s, s?s, s?o, s?o, s:s, s:s, s?o, s?I, s?s, s?s}",
            "conversation_id", &conversation, "customer_id", &customer, "address", &draft->address,
            "name", &draft->name, "channel_id", &channel, "agent_id", &agent, "direction",
            &body.direction, "outcome", &body.outcome, "started_at", &body.started_at, "duration_s",
            &body.duration_s, "subject", &body.subject, "text", &body.text) ||
        !check_texts(&body, error))
        return FALSE;
    draft->is_inbound = strcmp(body.direction, "in") == 0;
    draft->subject = body.subject;
    draft->text = body.text;
    return read_person(draft, conversation, customer, error) &&
           (channel == NULL ||
            field_read_id("channel_id", channel, FALSE, &draft->channel_id, error)) &&
           see(call, draft, error) && read_agent(call, agent, draft, error) &&
           read_outcome(draft->kind, body.outcome, &draft->outcome, error) &&
           read_start(body.started_at, &draft->started_at, error) &&
           read_duration(body.duration_s, &draft->duration_ms, error);
}

static gboolean check_agent(Db *db, Id agent_id, GError **error) {
    gint64 one;
    gboolean found;
    if (!db_query_int(db, "SELECT 1 FROM agent WHERE id = $1", DB_VALUES(DB_ID(agent_id)), &one,
                      &found, error))
        return FALSE;
    if (!found)
        error_set(error, ERROR_NOT_FOUND, "agent_unknown", "there is no such agent");
    return found;
}

static gboolean write_log(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Log *log = data;
    Id message_id;
    return check_agent(db, log->draft.agent_id, error) &&
           call_log_add(db, &log->draft, &message_id, error) &&
           call_json_answer(call, db, message_id, 201, error);
}

static void log_of_kind(ApiCall *call, const char *kind) {
    GError *error = NULL;
    Log *log = g_new0(Log, 1);
    log->draft.kind = kind;
    if (decode_log(call, &log->draft, &error)) {
        api_call_write(call, write_log, log, g_free);
        return;
    }
    g_free(log);
    api_call_fail(call, error);
}

static void log_call(ApiCall *call) {
    log_of_kind(call, "phone");
}

static void log_meeting(ApiCall *call) {
    log_of_kind(call, "meeting");
}

static void get_call(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "message", &error);
    Db *db = id != 0 ? api_call_reader(call, &error) : NULL;
    if (db == NULL || !call_json_answer(call, db, id, 200, &error))
        api_call_fail(call, error);
}

typedef struct {
    Id message_id;
    const char *kind;
    CallChange change;
} Change;

static gboolean decode_change(ApiCall *call, Change *to, GError **error) {
    Body body = {.duration_s = -1};
    CallChange *change = &to->change;
    if (!api_call_unpack(call, error, "{s?s, s?s, s?o, s?I, s?s, s?s}", "direction",
                         &body.direction, "outcome", &body.outcome, "started_at", &body.started_at,
                         "duration_s", &body.duration_s, "subject", &body.subject, "text",
                         &body.text) ||
        !check_texts(&body, error))
        return FALSE;
    change->direction = body.direction;
    change->subject = body.subject;
    change->text = body.text;
    return read_outcome(to->kind, body.outcome, &change->outcome, error) &&
           read_start(body.started_at, &change->started_at, error) &&
           read_duration(body.duration_s, &change->duration_ms, error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Change *change = data;
    Id actor_id = api_call_principal(call)->agent_id;
    return call_json_match(call, db, change->message_id, change->kind, error) &&
           call_log_change(db, change->message_id, &change->change, actor_id, error) &&
           call_json_answer(call, db, change->message_id, 200, error);
}

static gboolean write_remove(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Change *change = data;
    Id actor_id = api_call_principal(call)->agent_id;
    if (!call_json_match(call, db, change->message_id, change->kind, error) ||
        !call_log_remove(db, change->message_id, actor_id, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void change_of_kind(ApiCall *call, const char *kind, gboolean is_removal) {
    GError *error = NULL;
    Change *change = g_new0(Change, 1);
    change->kind = kind;
    change->change = (CallChange){.started_at = INSTANT_NONE, .duration_ms = -1};
    change->message_id = api_call_path_id(call, "message", &error);
    if (change->message_id != 0 && (is_removal || decode_change(call, change, &error))) {
        api_call_write(call, is_removal ? write_remove : write_change, change, g_free);
        return;
    }
    g_free(change);
    api_call_fail(call, error);
}

static void change_call(ApiCall *call) {
    change_of_kind(call, "phone", FALSE);
}

static void change_meeting(ApiCall *call) {
    change_of_kind(call, "meeting", FALSE);
}

static void remove_call(ApiCall *call) {
    change_of_kind(call, "phone", TRUE);
}

static void remove_meeting(ApiCall *call) {
    change_of_kind(call, "meeting", TRUE);
}

#define ROUTES(path, log, change, remove)                                                          \
    {.method = "POST", .pattern = path, .permission = PERMISSION_MESSAGE_SEND, .handler = log},    \
        {.method = "GET",                                                                          \
         .pattern = path "/{message}",                                                             \
         .permission = PERMISSION_CONVERSATION_READ,                                               \
         .handler = get_call},                                                                     \
        {.method = "PATCH",                                                                        \
         .pattern = path "/{message}",                                                             \
         .permission = PERMISSION_MESSAGE_SEND,                                                    \
         .handler = change},                                                                       \
    {                                                                                              \
        .method = "DELETE", .pattern = path "/{message}", .permission = PERMISSION_MESSAGE_SEND,   \
        .handler = remove                                                                          \
    }

const ApiRoute api_call_routes[] = {
    ROUTES("/api/v1/calls", log_call, change_call, remove_call),
    ROUTES("/api/v1/meetings", log_meeting, change_meeting, remove_meeting),
    {0},
};
