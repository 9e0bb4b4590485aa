// The grammar of one IMAP response, once imap_reader has framed it. Private to net/imap_*. Pure; no
// recursion on what a server sends.
#pragma once

#include "net/imap_response.h"

// Values nest at most so deep.
#define IMAP_DEPTH_MAXIMUM 16

// text: the response without CRLF and without its literals' bytes; each {n} that announces one ends
// at an offset in ends (of gsize), and literals (of GBytes) stand in that order. is_whole FALSE:
// the text may end anywhere, what is there is read. NULL with an error (upstream "imap_garbage").
ImapResponse *imap_response_parse(const GString *text, const GArray *ends,
                                  const GPtrArray *literals, gboolean is_whole,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

// TRUE for "tag OK ...", "* BYE ..." and "+ ...": lines whose rest is words for people, where {n}
// announces nothing.
gboolean imap_line_is_status(const char *line, gsize length);
