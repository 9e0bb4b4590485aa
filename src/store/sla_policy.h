// SLA policies and their versions as rows. Read by the projection of due times and the API; written
// by desk/sla_policy_change within writer jobs. A version is added, never changed.
#pragma once

#include "model/sla_policy.h"
#include "store/db.h"

typedef struct {
    Id id;
    char *name;
    gint64 version; // for ETags
    Instant created_at;
    SlaVersion *present; // what holds
} SlaPolicy;

void sla_policy_free(SlaPolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlaPolicy, sla_policy_free)

// Whether there ever was one.
gboolean sla_policy_has_any(Db *db, gboolean *has_any, GError **error);

// The active versions that held at any instant after since, of SlaVersion.
GPtrArray *sla_version_list(Db *db, Instant since, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Those that are not removed, by position. NULL with an error.
GPtrArray *sla_policy_list(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// not_found: sla_policy_unknown.
SlaPolicy *sla_policy_get(Db *db, Id id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Without a version yet. conflict: sla_policy_exists, for a name that is taken; also of rename.
gboolean sla_policy_add(Db *db, Id id, const char *name, Instant now, GError **error);
gboolean sla_policy_rename(Db *db, Id id, const char *name, GError **error);

// Its name is free again; its versions stay, for what was judged by them.
gboolean sla_policy_remove(Db *db, Id id, Instant now, GError **error);

// The version holds from valid_from on, and the one before no longer.
gboolean sla_version_add(Db *db, const SlaVersion *version, GError **error);
