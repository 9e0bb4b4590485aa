#include "model/template.h"

#include <string.h>

#include "base/error.h"

#define NAME_MAX_BYTES 100
#define KEY_MAX_BYTES 64

const char *const template_variables[] = {
    "customer.name",    "customer.first_name", "customer.address",    "agent.name",
    "agent.first_name", "agent.signature",     "conversation.number", "conversation.subject",
    "channel.name",     "channel.address",     "team.name",           NULL,
};

static const char *const prefixes[] = {"conversation.field.", "customer.field.", NULL};

static gboolean is_key(const char *key) {
    gsize length = strlen(key);
    return length > 0 && length <= KEY_MAX_BYTES &&
           strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_") == length;
}

gboolean template_is_variable(const char *name) {
    if (g_strv_contains(template_variables, name))
        return TRUE;
    for (gsize at = 0; prefixes[at] != NULL; at++)
        if (g_str_has_prefix(name, prefixes[at]))
            return is_key(name + strlen(prefixes[at]));
    return FALSE;
}

// One {{name|fallback}}.
typedef struct {
    char name[NAME_MAX_BYTES + 1];
    const char *fallback; // borrowed, not ended
    gsize fallback_length;
    const char *end; // behind the closing braces
} Variable;

static void trim(const char **start, gsize *length) {
    for (; *length > 0 && **start == ' '; (*start)++)
        (*length)--;
    while (*length > 0 && (*start)[*length - 1] == ' ')
        (*length)--;
}

// open points at "{{". FALSE: not closed, or no name that could be one.
static gboolean read_variable(const char *open, Variable *variable) {
    const char *start = open + 2;
    const char *close = strstr(start, "}}");
    if (close == NULL || memchr(start, '{', (gsize)(close - start)) != NULL)
        return FALSE;
    gsize length = (gsize)(close - start);
    const char *bar = memchr(start, '|', length);
    gsize name_length = bar != NULL ? (gsize)(bar - start) : length;
    variable->fallback = bar != NULL ? bar + 1 : close;
    variable->fallback_length = (gsize)(close - variable->fallback);
    variable->end = close + 2;
    trim(&start, &name_length);
    if (name_length > NAME_MAX_BYTES)
        return FALSE;
    memcpy(variable->name, start, name_length);
    variable->name[name_length] = '\0';
    return TRUE;
}

static gboolean refuse(GError **error, const char *member, const char *what) {
    error_set(error, ERROR_INVALID, "template_invalid", "%s %s", member, what);
    return FALSE;
}

// Whether what follows text's start up to at leaves an HTML tag open.
static gboolean is_within_tag(const char *text, const char *at) {
    gboolean is_tag = FALSE;
    for (; text < at; text++)
        if (*text == '<')
            is_tag = TRUE;
        else if (*text == '>')
            is_tag = FALSE;
    return is_tag;
}

static gboolean check_variable(const char *member, const char *open, Variable *variable,
                               GError **error) {
    if (!read_variable(open, variable))
        return refuse(error, member, "has {{ without a name and }} after it");
    if (template_is_variable(variable->name))
        return TRUE;
    error_set(error, ERROR_INVALID, "template_variable_unknown",
              "%s names {{%s}}, which is no variable: take one of those in the manual", member,
              variable->name);
    return FALSE;
}

gboolean template_check(const char *member, const char *text, TemplateContext context,
                        GError **error) {
    const char *from = text;
    guint count = 0;
    if (strlen(text) > TEMPLATE_BYTES_MAX)
        return refuse(error, member, "has more than 100 KiB");
    for (const char *at = strstr(text, "{{"); at != NULL; at = strstr(from, "{{")) {
        Variable variable;
        if (++count > TEMPLATE_VARIABLES_MAX)
            return refuse(error, member, "has more than 200 variables");
        if (context == TEMPLATE_HTML && is_within_tag(from, at))
            return refuse(error, member, "has a variable within an HTML tag: put it into the text");
        if (!check_variable(member, at, &variable, error))
            return FALSE;
        from = variable.end;
    }
    return TRUE;
}

static const char *html_entity(gunichar character) {
    switch (character) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\n':
        return "<br>";
    default:
        return NULL;
    }
}

static gboolean is_line_break(gunichar character) {
    return character == '\n' || character == 0x2028 || character == 0x2029 || character == 0x85;
}

static void append_character(GString *out, gunichar character, TemplateContext context) {
    const char *entity = context == TEMPLATE_HTML ? html_entity(character) : NULL;
    if (entity != NULL)
        g_string_append(out, entity);
    else if (is_line_break(character) && context == TEMPLATE_SUBJECT)
        g_string_append_c(out, ' ');
    else if (!g_unichar_iscntrl(character) || character == '\n' || character == '\t')
        g_string_append_unichar(out, character);
}

static void append_value(GString *out, const char *value, gsize length, TemplateContext context) {
    const char *end = value + length;
    guint count = 0;
    for (; value < end && count < TEMPLATE_VALUE_MAX; value = g_utf8_next_char(value), count++)
        append_character(out, g_utf8_get_char(value), context);
}

static void append_variable(GString *out, const Variable *variable, TemplateContext context,
                            GHashTable *values) {
    const char *value = g_hash_table_lookup(values, variable->name);
    if (value != NULL && *value != '\0' && g_utf8_validate(value, -1, NULL))
        append_value(out, value, strlen(value), context);
    else
        append_value(out, variable->fallback, variable->fallback_length, context);
}

char *template_render(const char *text, TemplateContext context, GHashTable *values) {
    GString *out = g_string_new(NULL);
    Variable variable;
    guint count = 0;
    for (const char *at = strstr(text, "{{"); at != NULL && count < TEMPLATE_VARIABLES_MAX;
         at = strstr(text, "{{"), count++) {
        if (!read_variable(at, &variable) || !template_is_variable(variable.name)) {
            g_string_append_len(out, text, at + 2 - text);
            text = at + 2;
            continue;
        }
        g_string_append_len(out, text, at - text);
        append_variable(out, &variable, context, values);
        text = variable.end;
    }
    g_string_append(out, text);
    return g_string_free(out, FALSE);
}
