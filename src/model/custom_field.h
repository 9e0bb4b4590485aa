// Fields that a workspace gives to its conversations and customers: what a definition may be, and
// how a value is checked and written down. Used by store/custom_field, desk and api. Pure: where
// values are kept is not its business.
#pragma once

#include <jansson.h>

#include "base/id.h"

typedef enum {
    CUSTOM_FIELD_TEXT,
    CUSTOM_FIELD_NUMBER,
    CUSTOM_FIELD_DATE,    // 2026-11-24
    CUSTOM_FIELD_BOOLEAN, //
    CUSTOM_FIELD_CHOICE,
    CUSTOM_FIELD_URL, // https or http
    CUSTOM_FIELD_KINDS,
} CustomFieldKind;

const char *custom_field_kind_name(CustomFieldKind kind); // "text"
gboolean custom_field_kind_parse(const char *name, CustomFieldKind *kind);

#define CUSTOM_FIELD_CHOICES_MAX 200
#define CUSTOM_FIELD_VALUE_MAX 1000 // bytes of a value as it is written down

typedef struct {
    Id id;
    char *object; // conversation, customer
    char *key;
    char *label;
    CustomFieldKind kind;
    json_t *choices; // array of texts; never NULL
    gboolean is_required;
    gint64 position;
    gint64 version;
} CustomField;

CustomField *custom_field_new(void) G_GNUC_WARN_UNUSED_RESULT;
void custom_field_free(CustomField *field);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CustomField, custom_field_free)

// FALSE with an error (invalid) that says what is wrong with the definition.
gboolean custom_field_check(const CustomField *field, GError **error);

// The value as it is written down, owned: equal values are equal texts. Numbers and booleans may
// also come as texts. NULL with an error (invalid, field_value_invalid) that names the key. JSON
// null is not for here.
char *custom_field_read(const CustomField *field, const json_t *value,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The same of a text that somebody typed, as searches have it: "3", "true", "2026-11-24".
char *custom_field_read_text(const CustomField *field, const char *text,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

// What was written down, as JSON again.
json_t *custom_field_value(CustomFieldKind kind, const char *text) G_GNUC_WARN_UNUSED_RESULT;
