// Text into words as the search index knows them: NFKC and case folded, without diacritics but for
// å, ä and ö, which are letters; Chinese, Japanese and Korean as pairs of characters. Pure.
// doc/decisions/0021-search.md.
#pragma once

#include <glib.h>

#define WORD_BYTES_MAX 64 // longer ones are cut: nobody types them

typedef enum {
    WORD_PLAIN,
    WORD_PAIR,   // two characters of a script without spaces
    WORD_SINGLE, // one such character that ends or is a run
} WordKind;

// word ends with NUL and is borrowed for the call. FALSE ends the splitting.
typedef gboolean (*WordSink)(const char *word, WordKind kind, gpointer data);

// Gives the words of text in order. Invalid UTF-8 separates words.
void search_words_split(const char *text, WordSink sink, gpointer data);
