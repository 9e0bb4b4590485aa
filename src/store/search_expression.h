// The terms of a query as an expression of the full-text index. Everything typed is analysed into
// words first, and each stands in quotes: no sign of the index's own language gets through. Used by
// search_find.c alone.
#pragma once

#include "model/search_query.h"

// What must match and what must not. NULL when no term that is not excluded has a word.
char *search_expression(const SearchQuery *query) G_GNUC_WARN_UNUSED_RESULT;

// What a document matches that has any of the excluded terms. NULL when there is none.
char *search_expression_excluded(const SearchQuery *query) G_GNUC_WARN_UNUSED_RESULT;
