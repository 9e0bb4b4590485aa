// The request target, "/path/with%20escapes?name=value&...", taken apart. Pure. Used by the router;
// fuzzed. Every part is percent-decoded once, after the split, and must be UTF-8 without controls.
#pragma once

#include <glib.h>

// The path's segments, decoded; "/a/b" gives {"a", "b"}. NULL with an error (invalid).
char **target_split_path(const char *target, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// name -> value of the query (owned texts). A name that comes twice (reliability.md T08), or that
// is not among the words of accepted ("*": any; NULL: none), is an error (invalid).
GHashTable *target_parse_query(const char *target, const char *accepted,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
