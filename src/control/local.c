// The API in this process, for when no server runs. Nothing is fetched or sent meanwhile: only what
// a request asks for is done.
#include "api/work.h"
#include "control/control_state.h"
#include "desk/channel_directory.h"
#include "desk/inbound.h"
#include "desk/mail_intake.h"
#include "mime/parser_pool.h"
#include "net/http_client.h"

struct ControlLocal {
    Store *store;
    WorkPool *work;
    ChannelDirectory *channels;
    Inbound *inbound;
    ParserPool *parsers;
    MailIntake *mail;
    HttpClient *http;
    Router *router;
};

static void start_router(ControlLocal *local) {
    local->inbound = inbound_new(store_key(local->store), local->channels);
    local->work = work_pool_new(g_get_num_processors());
    local->parsers = parser_pool_new(0);
    local->mail = mail_intake_new(local->store, local->inbound, local->parsers);
    local->http = http_client_new();
    ApiParts parts = {.store = local->store,
                      .work = local->work,
                      .channels = local->channels,
                      .inbound = local->inbound,
                      .parsers = local->parsers,
                      .mail = local->mail,
                      .http = local->http,
                      .public_url = ""};
    local->router = router_new(api_routes, &parts);
}

ControlLocal *control_local_new(const char *data_directory, gboolean create, GError **error) {
    ControlLocal *local = g_new0(ControlLocal, 1);
    local->store = store_open(data_directory, create, error);
    if (local->store != NULL)
        local->channels = channel_directory_new(local->store, error);
    if (local->channels != NULL) {
        start_router(local);
        return local;
    }
    control_local_free(local);
    return NULL;
}

void control_local_free(ControlLocal *local) {
    if (local == NULL)
        return;
    g_clear_pointer(&local->work, work_pool_free);
    g_clear_pointer(&local->router, router_free);
    g_clear_pointer(&local->http, http_client_free);
    g_clear_pointer(&local->parsers, parser_pool_free);
    g_clear_pointer(&local->mail, mail_intake_free);
    g_clear_pointer(&local->inbound, inbound_free);
    g_clear_pointer(&local->channels, channel_directory_free);
    g_clear_pointer(&local->store, store_close);
    g_free(local);
}

HttpAnswer *control_local_call(ControlLocal *local, HttpRequest *request) {
    return router_call(local->router, request, &PRINCIPAL_LOCAL);
}
