// The API in this process, for when no server runs.
#include "api/work.h"
#include "control/control_state.h"

struct ControlLocal {
    Store *store;
    WorkPool *work;
    Router *router;
};

ControlLocal *control_local_new(const char *data_directory, gboolean create, GError **error) {
    Store *store = store_open(data_directory, create, error);
    if (store == NULL)
        return NULL;
    ControlLocal *local = g_new0(ControlLocal, 1);
    local->store = store;
    local->work = work_pool_new(g_get_num_processors());
    ApiParts parts = {.store = store, .work = local->work, .public_url = ""};
    local->router = router_new(api_routes, &parts);
    return local;
}

void control_local_free(ControlLocal *local) {
    if (local == NULL)
        return;
    work_pool_free(local->work);
    router_free(local->router);
    store_close(local->store);
    g_free(local);
}

HttpAnswer *control_local_call(ControlLocal *local, HttpRequest *request) {
    return router_call(local->router, request, &PRINCIPAL_LOCAL);
}
