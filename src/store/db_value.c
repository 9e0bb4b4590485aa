#include <string.h>

#include "store/db.h"

DbValue db_value_text(const char *text) {
    if (text == NULL)
        return DB_NULL;
    return (DbValue){.type = DB_VALUE_TEXT, .bytes = {.data = text, .length = strlen(text)}};
}

DbValue db_value_bytes(GBytes *bytes) {
    if (bytes == NULL)
        return DB_NULL;
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    return DB_SPAN(data, length);
}

DbValue db_value_id(Id id) {
    return id == 0 ? DB_NULL : DB_INT(id);
}

DbValue db_value_instant(Instant instant) {
    return instant == INSTANT_NONE ? DB_NULL : DB_INT(instant);
}
