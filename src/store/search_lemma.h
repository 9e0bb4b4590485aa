// Base forms of words: Finnish by Voikko where it is installed, else and for Swedish and English by
// Snowball. Voikko is under the GPL, so it is loaded at run time and never linked. Any thread; what
// Voikko said is remembered within bounds.
#pragma once

#include <glib.h>

#include "store/search_language.h"

#define LEMMAS_MAX 4 // of a word in one language

// Appends to lemmas (of char *, owned) the base forms of a folded word that differ from the word
// and from what is there already. Parts of Finnish compounds count. Nothing for unknown words.
void lemma_append(const char *word, Language language, GPtrArray *lemmas);

// Names what makes the base forms, so that a change re-indexes: "voikko" or "snowball".
const char *lemma_engine(void);
