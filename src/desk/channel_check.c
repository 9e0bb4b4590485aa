#include "desk/channel_check.h"

#include <string.h>

#include "base/error.h"
#include "channels/email.h"
#include "channels/registry.h"
#include "desk/mail_check.h"
#include "desk/provider_call.h"

static void see(json_t *seen, const char *line) {
    json_array_append_new(seen, json_string(line));
}

static gboolean call_step(const ChannelKind *kind, HttpClient *client, HttpRequest *request,
                          char **address, GError **error) {
    HttpPolicy policy = provider_policy(request, 0);
    g_autoptr(HttpAnswer) answer = http_client_send_wait(client, request, &policy);
    if (answer->status != 0)
        return kind->decode_setup(answer, address, error);
    error_set(error, ERROR_UPSTREAM, "provider_unreachable", "%s does not answer: %s", kind->title,
              answer->failure != NULL ? answer->failure : "no connection");
    return FALSE;
}

static gboolean check_provider(const ChannelKind *kind, const ChannelConfig *config,
                               HttpClient *client, const char *hook_url, json_t *seen,
                               char **address, GError **error) {
    g_autoptr(GPtrArray) requests = kind->setup(config, hook_url, error);
    if (requests == NULL)
        return FALSE;
    for (guint at = 0; at < requests->len; at++) {
        HttpRequest *request = g_steal_pointer(&requests->pdata[at]);
        const char *slash = strrchr(request->url, '/');
        g_autofree char *line =
            g_strdup_printf("%s: %s accepted", kind->title, slash != NULL ? slash + 1 : "call");
        if (!call_step(kind, client, request, address, error))
            return FALSE;
        see(seen, line);
    }
    return TRUE;
}

gboolean channel_check(ChannelConfig *config, HttpClient *client, const FetchOptions *options,
                       const char *hook_url, json_t *seen, char **address, GError **error) {
    const ChannelKind *kind = registry_find(config->kind);
    if (kind == &channel_email)
        return mail_check(config, options, seen, error);
    if (kind->setup != NULL)
        return check_provider(kind, config, client, hook_url, seen, address, error);
    see(seen, "nothing to ask: channels of this kind are called by others");
    return TRUE;
}
