// The bytes of the demo's messages as servers would deliver them: raw mails, bounces, Telegram
// updates. Pure.
#pragma once

#include "desk/demo_story.h"

// What a mail of the demo answers; all borrowed, NULL: nothing.
typedef struct {
    const char *message_id; // of ours, without <>
    const char *text;       // of ours, quoted below
    Instant at;             // of ours
} DemoParent;

// A customer's mail at that instant. number tells mails apart.
GBytes *demo_mail(const DemoConversation *conversation, const char *to, guint number,
                  const char *text, const DemoParent *parent, Instant at) G_GNUC_WARN_UNUSED_RESULT;

// The customer's server could not deliver our reply (RFC 3464).
GBytes *demo_bounce(const DemoConversation *conversation, const char *to, guint number,
                    const DemoParent *parent, Instant at) G_GNUC_WARN_UNUSED_RESULT;

// The customer is on holiday (RFC 3834).
GBytes *demo_absence(const DemoConversation *conversation, const char *to, guint number,
                     const DemoParent *parent, Instant at) G_GNUC_WARN_UNUSED_RESULT;

// An update of Telegram's Bot API with one text message.
GBytes *demo_update(const DemoConversation *conversation, guint number, const char *text,
                    Instant at) G_GNUC_WARN_UNUSED_RESULT;
