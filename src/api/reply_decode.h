// The body of a reply or of a new conversation, taken apart into desk/reply.h's struct. Checks
// forms only; what it means is desk/reply's.
#pragma once

#include "api/call.h"
#include "desk/reply.h"

#define REPLY_BODY_MAX ((gsize)36 << 20) // 25 MiB of attachments in base64

// is_new: of a new conversation, which needs channel_id. NULL with an error (invalid, denied).
Reply *reply_decode(ApiCall *call, gboolean is_new, GError **error) G_GNUC_WARN_UNUSED_RESULT;
