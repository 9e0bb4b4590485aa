// Raw mail brought by hand, and the ledger of what the mail servers hold: POST
// /api/v1/channels/{channel}/import, POST /api/v1/mails, GET /api/v1/channels/{channel}/ledger.
#include "api/resources.h"
#include "base/error.h"
#include "desk/import_batch.h"
#include "desk/ledger.h"
#include "desk/mail_import.h"

#define IMPORT_BYTES_MAX (128u << 20) // many mails, or one large one
#define MAIL_BYTES_MAX (64u << 20)

static MailIntake *get_intake(ApiCall *call, GError **error) {
    MailIntake *intake = api_call_parts(call)->mail;
    if (intake == NULL)
        error_set(error, ERROR_UNAVAILABLE, "mail_not_running", "Mail is not taken in now.");
    return intake;
}

static GBytes *get_body(ApiCall *call, GError **error) {
    GBytes *body = api_call_request(call)->body;
    if (g_bytes_get_size(body) > 0)
        return body;
    error_set(error, ERROR_INVALID, "mail_empty", "The body must be the raw mail.");
    return NULL;
}

static json_t *counts_to_json(const MailPipeCounts *counts) {
    json_t *json = json_object();
    for (guint state = 0; state < DELIVERY_STATES; state++)
        json_object_set_new(json, delivery_state_name((DeliveryState)state),
                            json_integer((json_int_t)counts->states[state]));
    return json;
}

// The path's email channel, 0 with an error.
static Id get_channel(ApiCall *call, GError **error) {
    Id id = api_call_path_id(call, "channel", error);
    if (id == 0)
        return 0;
    g_autoptr(ChannelConfig) channel = channel_directory_find(api_call_parts(call)->channels, id);
    if (channel != NULL && g_str_equal(channel->kind, "email"))
        return id;
    error_set(error, ERROR_NOT_FOUND, "channel_unknown", "No email channel has this id.");
    return 0;
}

static gboolean import(ApiCall *call, MailPipeCounts *counts, GError **error) {
    MailIntake *intake = get_intake(call, error);
    GBytes *body = intake == NULL ? NULL : get_body(call, error);
    Id channel_id = body == NULL ? 0 : get_channel(call, error);
    g_autoptr(GPtrArray) mails = channel_id == 0 ? NULL : import_batch_decode(body, error);
    const char *outbound = api_call_query(call, "outbound");
    return mails != NULL &&
           mail_import(intake, channel_id, mails, g_strcmp0(outbound, "yes") == 0, counts, error);
}

static void run_import(ApiCall *call) {
    GError *error = NULL;
    MailPipeCounts counts = {0};
    if (import(call, &counts, &error))
        api_call_answer_json(call, 200, counts_to_json(&counts));
    else
        api_call_fail(call, error);
}

static void begin_import(ApiCall *call) {
    api_call_work_long(call, run_import);
}

static json_t *delivery_to_json(const Delivery *delivery) {
    char message[ID_TEXT_SIZE], conversation[ID_TEXT_SIZE];
    gboolean has_message = delivery->message_id != 0;
    return json_pack(
        "{s:s, s:s?, s:s?}", "state", delivery_state_name(delivery->state), "message_id",
        has_message ? id_format(delivery->message_id, message) : NULL, "conversation_id",
        delivery->conversation_id != 0 ? id_format(delivery->conversation_id, conversation) : NULL);
}

static Delivery *deliver(ApiCall *call, GError **error) {
    MailEnvelope envelope = {.recipient = api_call_query(call, "recipient"),
                             .sender = api_call_query(call, "sender")};
    MailIntake *intake = get_intake(call, error);
    GBytes *body = intake == NULL ? NULL : get_body(call, error);
    if (body == NULL || !api_call_query_id(call, "channel", &envelope.channel_id, error))
        return NULL;
    return mail_deliver(intake, api_call_parts(call)->channels, body, &envelope, error);
}

static void run_deliver(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(Delivery) delivery = deliver(call, &error);
    if (delivery != NULL)
        api_call_answer_json(call, 200, delivery_to_json(delivery));
    else
        api_call_fail(call, error);
}

static void begin_deliver(ApiCall *call) {
    api_call_work_long(call, run_deliver);
}

static void get_ledger(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "channel", &error);
    Db *db = id == 0 ? NULL : api_call_reader(call, &error);
    json_t *ledger = db == NULL ? NULL : ledger_read(db, id, &error);
    if (ledger != NULL)
        api_call_answer_json(call, 200, ledger);
    else
        api_call_fail(call, error);
}

const ApiRoute api_mail_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/channels/{channel}/import",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = begin_import,
     .query = "outbound",
     .body_max = IMPORT_BYTES_MAX,
     .any_body = TRUE},
    {.method = "POST",
     .pattern = "/api/v1/mails",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = begin_deliver,
     .query = "channel recipient sender",
     .body_max = MAIL_BYTES_MAX,
     .any_body = TRUE},
    {.method = "GET",
     .pattern = "/api/v1/channels/{channel}/ledger",
     .permission = PERMISSION_CHANNEL_MANAGE,
     .handler = get_ledger},
    {0},
};
