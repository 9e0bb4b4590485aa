#include "desk/media_fetch.h"

#include "base/error.h"
#include "channels/registry.h"
#include "desk/provider_call.h"

#define BYTES_MAX (50 * 1024 * 1024)
#define STEPS_MAX 3 // getFile and the file, and one to spare

static Attachment *attachment_of(const PendingAttachment *pending) {
    Attachment *attachment = attachment_new(pending->name, pending->type);
    attachment->reference = g_strdup(pending->reference);
    attachment->size = pending->size;
    return attachment;
}

// *bytes or *next is set.
static gboolean take_step(const ChannelKind *kind, const ChannelConfig *config, HttpClient *client,
                          HttpRequest *request, GBytes **bytes, HttpRequest **next,
                          GError **error) {
    HttpPolicy policy = provider_policy(request, BYTES_MAX);
    // The client takes the request; the codec looks at its address afterwards.
    g_autoptr(HttpRequest) kept = http_request_new(request->method, request->url);
    g_autoptr(HttpAnswer) answer = http_client_send_wait(client, request, &policy);
    if (answer->status != 0)
        return kind->decode_media(kept, answer, config, bytes, next, error);
    error_set(error, ERROR_UPSTREAM, "file_unavailable", "the file cannot be fetched: %s",
              answer->failure != NULL ? answer->failure : "no answer");
    return FALSE;
}

static GBytes *take_steps(const ChannelKind *kind, const ChannelConfig *config, HttpClient *client,
                          HttpRequest *request, GError **error) {
    for (guint step = 0; step < STEPS_MAX && request != NULL; step++) {
        GBytes *bytes = NULL;
        HttpRequest *next = NULL;
        if (!take_step(kind, config, client, request, &bytes, &next, error))
            return NULL;
        if (bytes != NULL)
            return bytes;
        request = next;
    }
    http_request_free(request);
    error_set(error, ERROR_UPSTREAM, "file_unavailable", "the provider leads nowhere");
    return NULL;
}

GBytes *media_fetch(ChannelDirectory *channels, HttpClient *client,
                    const PendingAttachment *pending, GError **error) {
    g_autoptr(ChannelConfig) config = channel_directory_find(channels, pending->channel_id);
    const ChannelKind *kind = config != NULL ? registry_find(config->kind) : NULL;
    if (kind == NULL || kind->media == NULL) {
        error_set(error, ERROR_INVALID, "channel_unknown", "its channel was removed");
        return NULL;
    }
    if (pending->size > BYTES_MAX) {
        error_set(error, ERROR_INVALID, "attachment_too_large", "the file is larger than 50 MB");
        return NULL;
    }
    g_autoptr(Attachment) attachment = attachment_of(pending);
    HttpRequest *request = kind->media(attachment, config, error);
    return request != NULL ? take_steps(kind, config, client, request, error) : NULL;
}
