#include "desk/phone_address.h"

#include <jansson.h>

#include "base/error.h"
#include "model/phone_number.h"

static const char *setting(const json_t *settings, const char *name, const char *initial) {
    const char *value = json_string_value(json_object_get(settings, name));
    return value != NULL ? value : initial;
}

char *phone_address_normalize(Db *db, const char *text, Id channel_id, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT settings FROM channel WHERE kind = 'phone' AND removed_at IS NULL"
                 " ORDER BY CASE WHEN id = $1 THEN 0 ELSE 1 END, id LIMIT 1",
                 DB_VALUES(DB_INT(channel_id)), error);
    if (rows == NULL)
        return NULL;
    json_t *settings =
        db_rows_next(rows, &problem) ? json_loads(db_rows_text(rows, 0), 0, NULL) : NULL;
    char *number = phone_number_normalize(text, setting(settings, "country_code", NULL),
                                          setting(settings, "trunk_prefix", "0"));
    json_decref(settings);
    if (problem == NULL && number == NULL)
        error_set(&problem, ERROR_INVALID, "phone_invalid",
                  "this is no telephone number: write it with its country, as in +358 40 1234567");
    if (problem != NULL) {
        g_propagate_error(error, problem);
        g_clear_pointer(&number, g_free);
    }
    return number;
}
