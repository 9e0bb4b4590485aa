// Texts made comparable, and words found in them in one pass. Folding: compatibility forms and case
// are one (Unicode NFKC and case folding). Matching never goes back in the text, so its time is
// that of text plus pattern, whatever either holds (reliability.md I06). Pure. Used by rules and by
// the search of canned replies.
#pragma once

#include <glib.h>

// At most this much of a text is looked at, and twice as much kept where folding makes it longer.
#define FOLD_BYTES_MAX ((gsize)64 << 10)

// The folded text; owned. NULL or invalid UTF-8 gives what of it is valid.
char *fold_text(const char *text) G_GNUC_WARN_UNUSED_RESULT;

// The different words of a text (letters and digits), folded, in the order in which they appear, at
// most limit; each cut at 64 bytes. NULL-ended, owned.
char **fold_words(const char *text, guint limit) G_GNUC_WARN_UNUSED_RESULT;

// A pattern to look for, folded and prepared once.
typedef struct FoldPattern FoldPattern;

FoldPattern *fold_pattern_new(const char *text) G_GNUC_WARN_UNUSED_RESULT;
void fold_pattern_free(FoldPattern *pattern);

// All of these take texts that are folded already.
gboolean fold_pattern_is(const FoldPattern *pattern, const char *text);
gboolean fold_pattern_starts(const FoldPattern *pattern, const char *text);
gboolean fold_pattern_ends(const FoldPattern *pattern, const char *text);
gboolean fold_pattern_is_within(const FoldPattern *pattern, const char *text);
// As a word or phrase: with no letter or digit next to it.
gboolean fold_pattern_is_word_within(const FoldPattern *pattern, const char *text);
