// A canned reply: one text in several languages, with variables, owned by an agent, a team or
// everybody. Decoded from requests here, strictly, and chosen by language. Pure. Used by
// store/canned, api and whoever replies by one.
#pragma once

#include <jansson.h>

#include "base/clock.h"
#include "base/id.h"

#define CANNED_TEXTS_MAX 30

typedef struct {
    char *language; // BCP 47; "" for any
    char *subject;  // or NULL: the conversation's
    char *text;
    char *html; // or NULL
} CannedText;

typedef struct {
    Id id;
    Id agent_id; // whose it is; both 0: everybody's
    Id team_id;
    Id folder_id; // 0: none
    char *shortcut;
    char *name;
    gint64 position;
    gint64 version;
    gint64 use_count; // this and what follows: of a row that was read
    Instant used_at;
    Instant created_at;
    GPtrArray *texts; // of CannedText, the first for languages that have none; never empty once
                      // decoded
} Canned;

Canned *canned_new(void) G_GNUC_WARN_UNUSED_RESULT;
void canned_free(Canned *canned);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Canned, canned_free)

// Takes nothing; the texts are copied.
void canned_add_text(Canned *canned, const char *language, const char *subject, const char *text,
                     const char *html);

// {"name", "shortcut"?, "owner"?: "agent"|"team"|"all", "team_id"?, "folder_id"?, "position"?,
// "texts": [{"language"?, "subject"?, "text", "html"?}]}. me is the agent whose own it is where the
// owner is "agent", which is so unless said otherwise. NULL with an error (invalid) that names the
// member.
Canned *canned_decode(json_t *json, Id me, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// As the API shows it; owned.
json_t *canned_to_json(const Canned *canned) G_GNUC_WARN_UNUSED_RESULT;

// The text for a language ("fi-FI": that, else "fi", else any "fi-..."), else the first. wanted may
// be NULL.
const CannedText *canned_choose(const Canned *canned, const char *wanted);

// The owner of anything that an agent, a team or everybody owns: "agent", "team", "all".
const char *owner_name(Id agent_id, Id team_id);

// Reads "owner" and "team_id" as above; both may be NULL. FALSE with an error (invalid).
gboolean owner_decode(const json_t *owner, const json_t *team, Id me, Id *agent_id, Id *team_id,
                      GError **error);
