// Which passwords agents may choose: 8 to 128 characters of any kind, compared as they are, but
// none that everybody tries first (reliability.md 4, A18). No rules of composition. Pure; used by
// whatever sets a password.
#pragma once

#include <glib.h>

#define PASSWORD_LOW 8
#define PASSWORD_HIGH 128 // characters

// FALSE with an error (invalid: password_too_short, password_too_long, password_common) that says
// why. email and name are the agent's: a password made of them is refused too.
gboolean password_check(const char *password, const char *email, const char *name, GError **error);

// password_words.c: what common passwords are made of, in lower case, with a blank before and
// behind each.
extern const char password_words[];
