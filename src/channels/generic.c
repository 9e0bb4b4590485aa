#include "channels/generic.h"

#include <string.h>

#include "base/error.h"
#include "channels/generic_codec.h"

#define PATH_HELP "Dotted path of the member; - where the source has none."

static const ChannelSetting settings[] = {
    {"url", "Send replies to", "Replies are posted here; empty: this channel only receives.",
     SETTING_URL, NULL, NULL, FALSE},
    {"secret", "Secret", "Signs web hooks both ways (Standard Webhooks); made by itself.",
     SETTING_SECRET, NULL, "whsec_", FALSE},
    {"secret_old", "Former secret", "Still accepted while the secret is changed.", SETTING_SECRET,
     NULL, NULL, FALSE},
    {"verification", "Verification",
     "How the source proves itself: Standard Webhooks, an HMAC-SHA256 of the body or a token in a "
     "header, or only the unguessable address.",
     SETTING_CHOICE, "standard|hmac|token|address", "standard", FALSE},
    {"signature_header", "Signature header", "Where hmac or token stand, e.g. X-Signature.",
     SETTING_TEXT, NULL, NULL, FALSE},
    {"message_types", "Types of messages",
     "More words of the type member that mean a message, with commas between.", SETTING_TEXT, NULL,
     NULL, FALSE},
    {"map_items", "Events", "Path of a list of events within one body; - for one event a body.",
     SETTING_TEXT, NULL, "-", FALSE},
    {"map_type", "Type", "Path of the event's type; - where all are messages.", SETTING_TEXT, NULL,
     "type", FALSE},
    {"map_id", "Event id", PATH_HELP, SETTING_TEXT, NULL, "id", FALSE},
    {"map_occurred_at", "Instant", "Path of an ISO 8601 text or of seconds since 1970.",
     SETTING_TEXT, NULL, "occurred_at", FALSE},
    {"map_conversation_id", "Conversation", PATH_HELP, SETTING_TEXT, NULL, "conversation.id",
     FALSE},
    {"map_subject", "Subject", PATH_HELP, SETTING_TEXT, NULL, "conversation.subject", FALSE},
    {"map_contact_id", "Contact", PATH_HELP, SETTING_TEXT, NULL, "contact.id", FALSE},
    {"map_contact_name", "Contact's name", PATH_HELP, SETTING_TEXT, NULL, "contact.name", FALSE},
    {"map_message_id", "Message id", PATH_HELP, SETTING_TEXT, NULL, "message.id", FALSE},
    {"map_text", "Text", PATH_HELP, SETTING_TEXT, NULL, "message.text", FALSE},
    {"map_reply_to", "Answered message", PATH_HELP, SETTING_TEXT, NULL, "message.reply_to", FALSE},
    {"map_attachments", "Attachments", "Path of a list of {url, name, content_type, size}.",
     SETTING_TEXT, NULL, "message.attachments", FALSE},
    {NULL, NULL, NULL, SETTING_TEXT, NULL, NULL, FALSE},
};

static char *delivery_key(const HttpRequest *request) {
    const char *id = http_header_find(request->headers, "webhook-id");
    return id != NULL && *id != '\0' && strlen(id) <= 200 ? g_strconcat("id:", id, NULL) : NULL;
}

static HttpRequest *media(const Attachment *attachment, const ChannelConfig *config,
                          GError **error) {
    (void)config;
    if (!g_str_has_prefix(attachment->reference, "https://")) {
        error_set(error, ERROR_INVALID, "url_not_https",
                  "attachments are fetched from https addresses only");
        return NULL;
    }
    HttpRequest *request = http_request_new("GET", attachment->reference);
    request->is_strangers_url = TRUE;
    return request;
}

static gboolean decode_media(const HttpRequest *request, const HttpAnswer *answer,
                             const ChannelConfig *config, GBytes **bytes, HttpRequest **next,
                             GError **error) {
    (void)request;
    (void)config;
    (void)next;
    if (answer->status == 200) {
        *bytes = g_bytes_ref(answer->body);
        return TRUE;
    }
    gboolean is_final = answer->status >= 400 && answer->status < 500 && answer->status != 408 &&
                        answer->status != 429;
    error_set(error, is_final ? ERROR_INVALID : ERROR_UPSTREAM, "file_unavailable",
              "the source does not give the file (status %u)", answer->status);
    return FALSE;
}

const ChannelKind channel_generic = {
    .name = "generic",
    .title = "Web hook",
    .abilities = ABILITY_REPLY | ABILITY_ATTACH | ABILITY_QUOTE | ABILITY_BEGIN | ABILITY_WEBHOOK |
                 ABILITY_LOCAL_IDENTITIES,
    .settings = settings,
    .verify = generic_verify,
    .decode = generic_decode,
    .delivery_key = delivery_key,
    .encode = generic_encode,
    .interpret = generic_interpret,
    .media = media,
    .decode_media = decode_media,
};
