// Recorded cases of channel kinds: a channel as the desk would hand it to a codec, files, and
// requests from JSON. Used by the tests of channels/ only.
#pragma once

#include <jansson.h>

#include "model/channel_kind.h"

// A channel of that kind with every default filled in, and values (object of texts, borrowed, may
// be NULL) over them.
ChannelConfig *case_config_new(const char *kind, const json_t *values) G_GNUC_WARN_UNUSED_RESULT;

// A file of the test sources ("channels/telegram/text.json"), or of the shared data.
char *case_path(const char *name) G_GNUC_WARN_UNUSED_RESULT;

// The shared file's path, or NULL after g_test_skip where there is no shared data.
char *case_shared_path(const char *name) G_GNUC_WARN_UNUSED_RESULT;

// Aborts the test when it is no JSON.
json_t *case_load(const char *path) G_GNUC_WARN_UNUSED_RESULT;

// The names of the files in a directory that are cases: NAME for each NAME.json that is no
// expectation and no config. Sorted; of char *, owned.
GPtrArray *case_names(const char *directory) G_GNUC_WARN_UNUSED_RESULT;

// Compact bytes, non-ASCII unescaped, as the platforms send them.
GBytes *case_bytes(const json_t *json) G_GNUC_WARN_UNUSED_RESULT;

// A POST with these headers (object) and body.
HttpRequest *case_request_new(const json_t *headers, GBytes *body) G_GNUC_WARN_UNUSED_RESULT;

// An answer from {status, headers, body}.
HttpAnswer *case_answer_new(const json_t *response) G_GNUC_WARN_UNUSED_RESULT;
