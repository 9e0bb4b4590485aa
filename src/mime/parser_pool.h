// The pool of parser processes: strangers' mail and HTML go in, plain data comes out
// (architecture.md "Strangers' bytes are parsed apart"). Used by whoever takes in mail or shows
// HTML. One thread moves the bytes for all processes; a process that dies or overruns costs one
// mail.
#pragma once

#include "model/incoming.h"

typedef struct ParserPool ParserPool;

// Starts one thread; the processes (/proc/self/exe with the verb "parser") start with the first
// work. So the program must begin with parser_process_is_wanted (parser_process.h), tests too.
// processes: 1 to 16; 0 means one for each processor.
ParserPool *parser_pool_new(guint processes) G_GNUC_WARN_UNUSED_RESULT;

// Ends the processes; work that is still waiting is answered with an error (unavailable).
void parser_pool_free(ParserPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ParserPool, parser_pool_free)

// Takes incoming or error, of which one is NULL. Called on the pool's thread: it must not block,
// least of all in a *_wait of the same pool.
typedef void (*ParserDone)(Incoming *incoming, GError *error, void *data);

// mail_decode in a parser process. done is called exactly once, in any order. Any thread. Errors:
// invalid "parser_died" when the mail killed or overran its process twice (the caller quarantines
// it), other invalid ones from mail_decode, unavailable "parser_stopped" when the pool ends.
void parser_pool_decode(ParserPool *pool, GBytes *raw, ParserDone done, void *data);

// The same, waiting. Never on the pool's thread.
Incoming *parser_pool_decode_wait(ParserPool *pool, GBytes *raw,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

// html_clean and html_text in a parser process; both results owned by the caller, set on success
// only.
gboolean parser_pool_clean_html_wait(ParserPool *pool, const char *html, char **clean, char **text,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Processes started since the pool began; for metrics and tests. Any thread.
guint parser_pool_starts(ParserPool *pool);
