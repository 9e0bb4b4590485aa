// Views: the built-in ones (model/builtin_view.h) and those that agents saved, as one list of what
// an agent may use. Used by api/views.c, lists, bulk changes and desk/view_counter.
#pragma once

#include "base/clock.h"
#include "model/builtin_view.h"
#include "store/db.h"

typedef struct {
    char *id;    // "open", or a number
    Id row_id;   // 0: built-in
    char *scope; // built_in, own, team, all
    Id owner_id;
    Id team_id;
    char *name;
    char *query;
    char *sort;
    char *columns; // JSON
    char *icon;
    gint64 position;
    gint64 version;
} View;

void view_free(View *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(View, view_free)

// Who looks: every team's views are seen by whoever may change them, unless the team is hidden.
typedef struct {
    Id agent_id;
    gboolean may_share;
} ViewReader;

// Owned list of View, the built-in ones first, then by position. NULL with an error.
GPtrArray *view_list(Db *db, const ViewReader *reader, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Writer jobs. A view as somebody wants it: texts are borrowed.
typedef struct {
    Id id;
    const char *scope; // own, team, all
    Id owner_id;
    Id team_id;
    const char *name;
    const char *query;
    const char *sort;
    const char *columns;
    const char *icon;
    gint64 position;
} ViewDraft;

#define VIEWS_OF_AGENT_MAX 100
#define VIEWS_SHARED_MAX 300

// FALSE with an error (limit) when there are too many.
gboolean view_add(Db *db, const ViewDraft *draft, Instant now, GError **error);
gboolean view_change(Db *db, const ViewDraft *draft, GError **error);
gboolean view_remove(Db *db, Id id, GError **error);
gboolean view_place(Db *db, Id id, gint64 position, GError **error);

// The view of that id as text. NULL with an error (not found: view_unknown).
View *view_get(Db *db, const char *id, const ViewReader *reader,
               GError **error) G_GNUC_WARN_UNUSED_RESULT;
