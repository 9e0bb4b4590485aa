// A word typed without dots and rings stands for the one with them too: paivan finds päivän. The
// other way round it does not: näin does not find nain. Pure.
#pragma once

#include <glib.h>

#define VARIANTS_MAX 16

// Appends the variants of a folded word (a as ä or å, o as ö) and their Finnish base forms. Nothing
// for a word that has å, ä or ö.
void search_variants_append(const char *word, GPtrArray *forms);
