// Texts with variables, "Hello {{customer.first_name|there}}": checked when they are saved, filled
// in when they are used (canned replies, macros, rules). The variables are a fixed list, a value is
// escaped for where it stands and never looked at again, so that what a customer calls himself is
// no template (reliability.md I07). Pure.
#pragma once

#include <glib.h>

#define TEMPLATE_BYTES_MAX ((gsize)100 << 10)
#define TEMPLATE_VARIABLES_MAX 200
#define TEMPLATE_VALUE_MAX 1000 // characters of one value that are shown

typedef enum {
    TEMPLATE_TEXT,    // values as they are, without control characters but line breaks
    TEMPLATE_HTML,    // values and fallbacks escaped; variables stand in text, never within a tag
    TEMPLATE_SUBJECT, // one line
} TemplateContext;

// FALSE with an error (invalid) that begins with member: too long, a variable that is not known or
// not closed, or one that stands within an HTML tag.
gboolean template_check(const char *member, const char *text, TemplateContext context,
                        GError **error);

// values: name -> text. A value that is missing or empty gives the fallback, or nothing. What
// template_check would refuse stays as it stands. Owned.
char *template_render(const char *text, TemplateContext context,
                      GHashTable *values) G_GNUC_WARN_UNUSED_RESULT;

// Whether a variable of that name may be used: one of the list, or conversation.field.KEY and
// customer.field.KEY.
gboolean template_is_variable(const char *name);

// The names of the list, for those who fill values and for the manual; ends with NULL.
extern const char *const template_variables[];
