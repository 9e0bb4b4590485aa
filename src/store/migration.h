// Migrations: numbered .sql files compiled in, each applied in one transaction and recorded with
// its checksum. A newer database or a changed checksum is refused. Used by store.c alone.
#pragma once

#include "store/db_open.h"

typedef struct {
    int number;
    const char *name;
    const unsigned char *text; // NUL-terminated
    gsize length;
} Migration;

extern const Migration migrations[]; // compiled in, ascending; ends with number 0

// Brings the database to the newest schema of list. Before changing an existing schema it copies
// the database to "<path>.before-<number>". Errors: conflict (newer schema, changed checksum),
// unavailable.
gboolean migration_apply(Db *db, const Migration *list, const char *path, GError **error);

// The number of the schema that a writing connection's database has; 0 for an empty one.
gboolean migration_number(Db *db, int *number, GError **error);
