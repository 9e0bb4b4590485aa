// Splits a text that is longer than a channel takes, counted as the channel counts, at the best
// place there is: between paragraphs, lines, words, and never within what a reader sees as one
// character. Used by the codecs' encode. Pure.
#pragma once

#include "model/channel_kind.h"

// How long the text is in that unit. text is valid UTF-8.
gsize text_length(const char *text, TextUnit unit);

// The pieces (of char *, owned), none longer than limit, none empty; white space at a joint is
// dropped. limit 0: one piece. An empty text gives none. limit is at least 4.
GPtrArray *text_split(const char *text, TextUnit unit, gsize limit) G_GNUC_WARN_UNUSED_RESULT;

// The end of the character as a reader sees it (UAX #29 grapheme cluster, near enough: marks,
// joiners, emoji modifiers, flags, Hangul syllables, CR LF) that begins at text, which is not
// empty.
const char *text_grapheme_end(const char *text);
