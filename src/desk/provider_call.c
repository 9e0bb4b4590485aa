#include "desk/provider_call.h"

#define STRANGER_REDIRECTS 3

HttpPolicy provider_policy(const HttpRequest *request, gsize body_limit) {
    gboolean is_ours = !request->is_strangers_url;
    return (HttpPolicy){.allow_private = is_ours,
                        .allow_http = is_ours,
                        .redirects = is_ours ? 0 : STRANGER_REDIRECTS,
                        .body_limit = body_limit};
}

static void forget(HttpAnswer *answer, gpointer data) {
    (void)data;
    http_answer_free(answer);
}

void provider_tell(HttpClient *client, HttpRequest *request) {
    HttpPolicy policy = provider_policy(request, 0);
    http_client_send(client, request, &policy, forget, NULL);
}
