#include "desk/wait_projection.h"

gboolean wait_projection_apply(Db *db, const Event *event, GError **error) {
    (void)db;
    (void)event;
    (void)error;
    return TRUE;
}

gboolean wait_projection_rebuild(Db *db, GError **error) {
    (void)db;
    (void)error;
    return TRUE;
}
