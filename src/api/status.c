#include "api/resources.h"

static void answer_alive(ApiCall *call) {
    api_call_answer_bytes(call, 200, "text/plain; charset=utf-8", g_bytes_new_static("ok\n", 3));
}

const ApiRoute api_status_routes[] = {
    {.method = "GET", .pattern = "/healthz", .permission = API_ANYONE, .handler = answer_alive},
    {0},
};
