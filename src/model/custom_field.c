#include "model/custom_field.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

#define KEY_MAX 50
#define LABEL_MAX 100
#define CHOICE_MAX 200

static const char *const kind_names[CUSTOM_FIELD_KINDS] = {
    [CUSTOM_FIELD_TEXT] = "text",     [CUSTOM_FIELD_NUMBER] = "number",
    [CUSTOM_FIELD_DATE] = "date",     [CUSTOM_FIELD_BOOLEAN] = "boolean",
    [CUSTOM_FIELD_CHOICE] = "choice", [CUSTOM_FIELD_URL] = "url",
};

const char *custom_field_kind_name(CustomFieldKind kind) {
    return kind_names[kind];
}

gboolean custom_field_kind_parse(const char *name, CustomFieldKind *kind) {
    for (guint at = 0; at < CUSTOM_FIELD_KINDS; at++)
        if (g_strcmp0(kind_names[at], name) == 0) {
            *kind = (CustomFieldKind)at;
            return TRUE;
        }
    return FALSE;
}

CustomField *custom_field_new(void) {
    CustomField *field = g_new0(CustomField, 1);
    field->choices = json_array();
    return field;
}

void custom_field_free(CustomField *field) {
    if (field == NULL)
        return;
    g_free(field->object);
    g_free(field->key);
    g_free(field->label);
    json_decref(field->choices);
    g_free(field);
}

static gboolean refuse(GError **error, const char *name, const char *what) {
    error_set(error, ERROR_INVALID, "field_invalid", "%s %s", name, what);
    return FALSE;
}

static gboolean is_line(const char *text, gsize limit) {
    for (const char *at = text; *at != '\0'; at++)
        if ((guchar)*at < ' ' || *at == 0x7f)
            return FALSE;
    return strlen(text) <= limit && g_utf8_validate(text, -1, NULL);
}

// "order_number": what a search can name without quotes.
static gboolean is_key(const char *key) {
    for (const char *at = key; *at != '\0'; at++)
        if (!g_ascii_islower(*at) && *at != '_' && (at == key || !g_ascii_isdigit(*at)))
            return FALSE;
    return *key != '\0' && strlen(key) <= KEY_MAX;
}

static gboolean has_choice(const CustomField *field, const char *text) {
    size_t at;
    const json_t *choice;
    json_array_foreach(field->choices, at, choice) {
        if (g_strcmp0(json_string_value(choice), text) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean check_choices(const CustomField *field, GError **error) {
    size_t at;
    const json_t *choice;
    gsize count = json_array_size(field->choices);
    if ((count > 0) != (field->kind == CUSTOM_FIELD_CHOICE) || count > CUSTOM_FIELD_CHOICES_MAX)
        return refuse(error, "choices", "must name 1 to 200 texts for the kind choice, else none");
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    json_array_foreach(field->choices, at, choice) {
        const char *text = json_string_value(choice);
        if (text == NULL || *text == '\0' || !is_line(text, CHOICE_MAX))
            return refuse(error, "choices", "must be texts of one line and at most 200 bytes");
        if (!g_hash_table_add(seen, (gpointer)(guintptr)text))
            return refuse(error, "choices", "must differ");
    }
    return TRUE;
}

gboolean custom_field_check(const CustomField *field, GError **error) {
    static const char *const objects[] = {"conversation", "customer", NULL};
    if (!g_strv_contains(objects, field->object))
        return refuse(error, "object", "must be conversation or customer");
    if (!is_key(field->key))
        return refuse(error, "key", "must have 1 to 50 of a-z, 0-9 and _, a letter first");
    if (*field->label == '\0' || !is_line(field->label, LABEL_MAX))
        return refuse(error, "label", "must be one line of 1 to 100 bytes");
    return check_choices(field, error);
}

static char *take_text(const char *text) {
    return is_line(text, CUSTOM_FIELD_VALUE_MAX) && *text != '\0' ? g_strdup(text) : NULL;
}

// The shortest text that reads as the same number.
static char *write_number(double number) {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (!isfinite(number))
        return NULL;
    if (fabs(number) < 1e15 && number == floor(number))
        return g_strdup_printf("%" G_GINT64_FORMAT, (gint64)number);
    for (int digits = 1; digits <= 17; digits++) {
        g_autofree char *format = g_strdup_printf("%%.%dg", digits);
        g_ascii_formatd(text, sizeof text, format, number);
        if (g_ascii_strtod(text, NULL) == number)
            break;
    }
    return g_strdup(text);
}

static char *take_number(const char *text) {
    char *end = NULL;
    double number = g_ascii_strtod(text, &end);
    gboolean is_plain = *text != '\0' && strspn(text, "0123456789+-.eE") == strlen(text);
    return is_plain && *end == '\0' ? write_number(number) : NULL;
}

static char *take_date(const char *text) {
    int year = 0, month = 0, day = 0;
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || strspn(text, "0123456789-") != 10)
        return NULL;
    year = (int)g_ascii_strtoull(text, NULL, 10);
    month = (int)g_ascii_strtoull(text + 5, NULL, 10);
    day = (int)g_ascii_strtoull(text + 8, NULL, 10);
    gboolean is_date = year > 0 && month > 0 && month <= 12 && day > 0 &&
                       g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
    return is_date ? g_strdup(text) : NULL;
}

static char *take_boolean(const char *text) {
    gboolean is_known = strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
    return is_known ? g_strdup(text) : NULL;
}

static char *take_url(const char *text) {
    gboolean is_web = g_str_has_prefix(text, "https://") || g_str_has_prefix(text, "http://");
    g_autoptr(GUri) uri = is_web ? g_uri_parse(text, G_URI_FLAGS_NONE, NULL) : NULL;
    gboolean has_host = uri != NULL && g_uri_get_host(uri) != NULL && *g_uri_get_host(uri) != '\0';
    return has_host ? take_text(text) : NULL;
}

static const struct {
    char *(*take)(const char *text); // NULL: of the choices
    const char *what;
} readers[CUSTOM_FIELD_KINDS] = {
    [CUSTOM_FIELD_TEXT] = {take_text, "must be one line of 1 to 1000 bytes"},
    [CUSTOM_FIELD_NUMBER] = {take_number, "must be a number"},
    [CUSTOM_FIELD_DATE] = {take_date, "must be a date like 2026-11-24"},
    [CUSTOM_FIELD_BOOLEAN] = {take_boolean, "must be true or false"},
    [CUSTOM_FIELD_CHOICE] = {NULL, "must be one of its choices"},
    [CUSTOM_FIELD_URL] = {take_url, "must be an address that begins with https:// or http://"},
};

static char *refuse_value(const CustomField *field, GError **error) {
    error_set(error, ERROR_INVALID, "field_value_invalid", "%s %s", field->key,
              readers[field->kind].what);
    return NULL;
}

char *custom_field_read_text(const CustomField *field, const char *text, GError **error) {
    char *taken = field->kind == CUSTOM_FIELD_CHOICE
                      ? (has_choice(field, text) ? g_strdup(text) : NULL)
                      : readers[field->kind].take(text);
    return taken != NULL ? taken : refuse_value(field, error);
}

char *custom_field_read(const CustomField *field, const json_t *value, GError **error) {
    if (json_is_string(value))
        return custom_field_read_text(field, json_string_value(value), error);
    if (field->kind == CUSTOM_FIELD_BOOLEAN && json_is_boolean(value))
        return g_strdup(json_is_true(value) ? "true" : "false");
    if (field->kind == CUSTOM_FIELD_NUMBER && json_is_number(value))
        return write_number(json_number_value(value));
    return refuse_value(field, error);
}

json_t *custom_field_value(CustomFieldKind kind, const char *text) {
    gint64 whole;
    if (kind == CUSTOM_FIELD_BOOLEAN)
        return json_boolean(strcmp(text, "true") == 0);
    if (kind != CUSTOM_FIELD_NUMBER)
        return json_string(text);
    return g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &whole, NULL)
               ? json_integer(whole)
               : json_real(g_ascii_strtod(text, NULL));
}
