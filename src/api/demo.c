// POST /api/v1/demo: fills an empty data directory with the demo inbox. In process only: it sets
// the clock, so nothing else may run.
#include "desk/demo.h"
#include "api/resources.h"
#include "base/error.h"

// 2026-11-20T14:00:00Z, a Friday: the same inbox for tests and pictures.
#define DEMO_INSTANT ((Instant)1795183200000)

static gboolean read_instant(ApiCall *call, Instant *now, GError **error) {
    const char *text = NULL;
    *now = DEMO_INSTANT;
    if (!api_call_unpack(call, error, "{s?s}", "at", &text)) {
        return FALSE;
    }
    if (text != NULL) {
        *now = instant_parse(text, error);
    }
    return *now != INSTANT_NONE;
}

static gboolean may_fill(const ApiCall *call, GError **error) {
    const ApiParts *parts = api_call_parts(call);
    if (parts->live == NULL && parts->outbox == NULL) {
        return TRUE;
    }
    error_set(error, ERROR_CONFLICT, "demo_server_runs",
              "dialogd runs on this data directory: stop it, fill in the demo, start it again");
    return FALSE;
}

static void fill(ApiCall *call) {
    GError *error = NULL;
    Instant now;
    DemoFigures figures;
    if (!may_fill(call, &error) || !read_instant(call, &now, &error) ||
        !demo_fill(api_call_parts(call)->store, now, &figures, &error)) {
        api_call_fail(call, error);
        return;
    }
    api_call_answer_json(call, 201,
                         json_pack("{s:i, s:i, s:i}", "conversations", (int)figures.conversations,
                                   "received", (int)figures.received, "replies",
                                   (int)figures.replies));
}

static void post_demo(ApiCall *call) {
    api_call_work_long(call, fill);
}

const ApiRoute api_demo_routes[] = {
    {"POST", "/api/v1/demo", PERMISSION_LOCAL, post_demo, NULL, 0, FALSE},
    {0},
};
