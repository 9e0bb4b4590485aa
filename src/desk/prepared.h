// What inbound needs of one Incoming and can be worked out without the database: keys, normalized
// addresses, blobs, the analysed search document. Made by delivery_prepare on the thread that
// received it. Private to inbound.
#pragma once

#include "model/incoming.h"
#include "store/blob.h"
#include "store/search.h"

typedef struct {
    char *message_key;    // mail: Message-ID with its domain in lower case, or made from the mail's
                          // own data
    char *content_sha256; // mail: hex, over what its writer wrote (people, subject, date,
                          // references, body) and not over what servers added; else NULL
    char *sender;         // normalized From
    char **parties;       // mail: normalized From, Reply-To, To, Cc; else empty
    char **references; // mail: ids that it names, from the one it answers to the oldest; else empty
    char *base_subject;
    char *preview;            // the beginning of new_text in one line
    Blob *html;               // or NULL
    GPtrArray *blobs;         // of Blob or NULL: one for each attachment
    SearchDocument *document; // NULL where nothing is to be found by words
} Prepared;

// FALSE with an error (unavailable) when a large attachment could not be written to its file.
Prepared *prepared_new(const Incoming *incoming, Store *store,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void prepared_free(Prepared *prepared);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Prepared, prepared_free)
