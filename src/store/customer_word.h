// Finding customers by the beginnings of the words of their names, addresses, numbers and company:
// a projection of their rows, folded as the search folds (å, ä and ö are letters). Kept by
// store/customer; read by api's list. Not the search in messages.
#pragma once

#include "store/db.h"

#define CUSTOMER_QUERY_WORDS_MAX 8

// Makes the words of this customer's own rows anew. Writer jobs only.
gboolean customer_word_refresh(Db *db, Id customer_id, GError **error);

// The same for some of those that are not indexed yet (is_indexed = 0). Writer jobs only.
gboolean customer_word_catch_up(Db *db, guint limit, GError **error);

// The words of what somebody typed, at most so many; of char *. A number typed with blanks is one.
GPtrArray *customer_word_of_query(const char *text) G_GNUC_WARN_UNUSED_RESULT;

// The least text that is greater than all that begin with word. Owned.
char *customer_word_end(const char *word) G_GNUC_WARN_UNUSED_RESULT;
