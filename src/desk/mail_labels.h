// What the labels of an archive mean for a mail that is imported. Pure.
#pragma once

#include "model/mail.h"

// We wrote it.
gboolean mail_labels_say_sent(const Mail *mail);

// It was never sent.
gboolean mail_labels_say_draft(const Mail *mail);

// Those that people made, for tags. Borrowed, ended by NULL; the array is owned.
GPtrArray *mail_labels_tags(const Mail *mail) G_GNUC_WARN_UNUSED_RESULT;
