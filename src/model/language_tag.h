// Language tags (BCP 47): fi, sv, en-GB, zh-Hant. Used where somebody sets a customer's language.
// Pure; tells well-formed tags, not registered ones.
#pragma once

#include <glib.h>

// The tag in its usual case ("fi", "en-GB", "zh-Hant"), owned; NULL when it is none.
char *language_tag_normalize(const char *text) G_GNUC_WARN_UNUSED_RESULT;
