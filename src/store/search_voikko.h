// libvoikko by dlopen: Finnish base forms and the parts of compounds. Used by search_lemma.c alone.
#pragma once

#include <glib.h>

// TRUE when the library and its dictionary are there. The first call loads them. Any thread.
gboolean voikko_is_there(void);

// Appends the base forms of a word as Voikko writes them and the parts of a compound; at most
// limit. Any thread, one at a time.
void voikko_append(const char *word, guint limit, GPtrArray *lemmas);
