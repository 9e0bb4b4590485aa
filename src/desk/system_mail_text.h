// The words of the mails that dialogd itself writes, in the languages of its agents. Pure.
#pragma once

#include <glib.h>

// Subject and text for a purpose ("invitation", "reset", "password_changed") in a language ("en",
// "fi", "sv"; others: English); both owned. link may be NULL where the purpose has none. FALSE for
// an unknown purpose.
gboolean system_mail_text(const char *purpose, const char *language, const char *name,
                          const char *link, char **subject, char **text);

// "en", "fi" or "sv".
gboolean system_mail_speaks(const char *language);
