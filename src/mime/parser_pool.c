#include "mime/parser_pool.h"

#include "mime/mail_decode.h"

// For the moment in this process; the processes follow.
struct ParserPool {
    guint processes;
};

ParserPool *parser_pool_new(guint processes) {
    ParserPool *pool = g_new0(ParserPool, 1);
    pool->processes = processes;
    return pool;
}

void parser_pool_free(ParserPool *pool) {
    g_free(pool);
}

void parser_pool_decode(ParserPool *pool, GBytes *raw, ParserDone done, void *data) {
    GError *error = NULL;
    Incoming *incoming = parser_pool_decode_wait(pool, raw, &error);
    done(incoming, error, data);
}

Incoming *parser_pool_decode_wait(ParserPool *pool, GBytes *raw, GError **error) {
    (void)pool;
    return mail_decode(raw, error);
}

gboolean parser_pool_clean_html_wait(ParserPool *pool, const char *html, char **clean, char **text,
                                     GError **error) {
    (void)pool, (void)error;
    *clean = g_markup_escape_text(html, -1);
    *text = g_strdup(html);
    return TRUE;
}

guint parser_pool_starts(ParserPool *pool) {
    return pool->processes;
}
