// Conversations of other help desks: POST /api/v1/channels/{channel}/import/conversations. What
// dialogctl import --from sends, and whoever else has conversations to bring (doc/import.md).
#include "api/resources.h"
#include "base/error.h"
#include "desk/foreign_import.h"

#define BODY_BYTES_MAX (128u << 20)

static json_t *counts_to_json(const ForeignCounts *counts) {
    return json_pack("{s:I, s:I, s:I, s:I, s:O}", "stored", (json_int_t)counts->stored, "known",
                     (json_int_t)counts->known, "notes", (json_int_t)counts->notes, "settled",
                     (json_int_t)counts->settled, "problems", counts->problems);
}

static gboolean import(ApiCall *call, ForeignCounts *counts, GError **error) {
    const ApiParts *parts = api_call_parts(call);
    ForeignImport import = {
        .store = parts->store, .inbound = parts->inbound, .parsers = parts->parsers};
    json_t *conversations = NULL;
    Id id = api_call_path_id(call, "channel", error);
    if (id == 0 || !api_call_unpack(call, error, "{s:s, s:o}", "source", &import.source,
                                    "conversations", &conversations))
        return FALSE;
    g_autoptr(ChannelConfig) channel = channel_directory_find(parts->channels, id);
    import.channel = channel;
    if (channel == NULL)
        error_set(error, ERROR_NOT_FOUND, "channel_unknown", "No channel has this id.");
    else if (import.parsers == NULL || import.inbound == NULL)
        error_set(error, ERROR_UNAVAILABLE, "import_not_running", "Nothing is taken in now.");
    else
        return foreign_import(&import, conversations, counts, error);
    return FALSE;
}

static void run_import(ApiCall *call) {
    GError *error = NULL;
    ForeignCounts counts = {.problems = json_array()};
    if (import(call, &counts, &error))
        api_call_answer_json(call, 200, counts_to_json(&counts));
    else
        api_call_fail(call, error);
    json_decref(counts.problems);
}

static void begin_import(ApiCall *call) {
    api_call_work_long(call, run_import);
}

const ApiRoute api_foreign_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/channels/{channel}/import/conversations",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = begin_import,
     .body_max = BODY_BYTES_MAX},
    {0},
};
