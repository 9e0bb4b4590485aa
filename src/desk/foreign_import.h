// Conversations of other help desks on their way in: read from JSON, HTML cleaned in the parser
// processes, stored by the same steps as what arrives (desk/inbound). Repeating it adds nothing.
// Blocks: on work threads only.
#pragma once

#include "desk/foreign_write.h"
#include "mime/parser_pool.h"

typedef struct {
    Store *store;
    Inbound *inbound;
    ParserPool *parsers;
    const ChannelConfig *channel;
    const char *source; // the name of the other installation: 1 to 64 bytes
} ForeignImport;

// conversations: an array of at most 100 (doc/import.md). What cannot be taken is a line of
// counts->problems, which the caller made. FALSE with an error that says why nothing was stored.
gboolean foreign_import(const ForeignImport *import, const json_t *conversations,
                        ForeignCounts *counts, GError **error);
