#include "model/canned.h"

#include <string.h>

#include "base/error.h"
#include "model/template.h"

#define NAME_CHARACTERS_MAX 200
#define SHORTCUT_CHARACTERS_MAX 50
#define SUBJECT_CHARACTERS_MAX 500
#define LANGUAGE_BYTES_MAX 35

static void text_free(gpointer data) {
    CannedText *text = data;
    g_free(text->language);
    g_free(text->subject);
    g_free(text->text);
    g_free(text->html);
    g_free(text);
}

Canned *canned_new(void) {
    Canned *canned = g_new0(Canned, 1);
    canned->texts = g_ptr_array_new_with_free_func(text_free);
    return canned;
}

void canned_free(Canned *canned) {
    if (canned == NULL)
        return;
    g_free(canned->shortcut);
    g_free(canned->name);
    g_ptr_array_unref(canned->texts);
    g_free(canned);
}

void canned_add_text(Canned *canned, const char *language, const char *subject, const char *text,
                     const char *html) {
    CannedText *one = g_new(CannedText, 1);
    *one = (CannedText){g_strdup(language), g_strdup(subject), g_strdup(text), g_strdup(html)};
    g_ptr_array_add(canned->texts, one);
}

static gboolean refuse(GError **error, const char *what) {
    error_set(error, ERROR_INVALID, "field_invalid", "%s", what);
    return FALSE;
}

const char *owner_name(Id agent_id, Id team_id) {
    if (agent_id != 0)
        return "agent";
    return team_id != 0 ? "team" : "all";
}

gboolean owner_decode(const json_t *owner, const json_t *team, Id me, Id *agent_id, Id *team_id,
                      GError **error) {
    const char *name = owner != NULL ? json_string_value(owner) : "agent";
    *agent_id = *team_id = 0;
    if (g_strcmp0(name, "all") == 0)
        return TRUE;
    if (g_strcmp0(name, "agent") == 0) {
        *agent_id = me;
        return me != 0 || refuse(error, "owner must be team or all where no agent asks");
    }
    if (g_strcmp0(name, "team") != 0)
        return refuse(error, "owner must be agent, team or all");
    *team_id = json_is_string(team) ? id_parse(json_string_value(team), NULL) : 0;
    return *team_id != 0 || refuse(error, "team_id must be the id of the team that owns it");
}

static gboolean is_line(const char *text, glong most) {
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
        if (g_unichar_iscntrl(g_utf8_get_char(at)) || g_utf8_get_char(at) == 0x2028)
            return FALSE;
    return g_utf8_strlen(text, -1) <= most;
}

static gboolean is_language(const char *language) {
    gsize length = strlen(language);
    return length <= LANGUAGE_BYTES_MAX &&
           strspn(language, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
               length;
}

static gboolean check_subject(const char *subject, GError **error) {
    if (!is_line(subject, SUBJECT_CHARACTERS_MAX))
        return refuse(error, "subject must be one line of at most 500 characters");
    return template_check("subject", subject, TEMPLATE_SUBJECT, error);
}

static gboolean check_text(const CannedText *text, GError **error) {
    if (!is_language(text->language))
        return refuse(error, "language must be a tag like fi or en-GB");
    if (*text->text == '\0' && (text->html == NULL || *text->html == '\0'))
        return refuse(error, "a text needs text or html");
    return (text->subject == NULL || check_subject(text->subject, error)) &&
           template_check("text", text->text, TEMPLATE_TEXT, error) &&
           (text->html == NULL || template_check("html", text->html, TEMPLATE_HTML, error));
}

// A text or null; FALSE for anything else.
static gboolean read_optional(const json_t *json, const char **text) {
    *text = json_string_value(json);
    return json == NULL || json_is_null(json) || json_is_string(json);
}

static gboolean decode_text(Canned *canned, json_t *json, GError **error) {
    const char *language = "", *text = "", *subject, *html;
    json_t *subject_json = NULL, *html_json = NULL;
    json_error_t problem;
    if (json_unpack_ex(json, &problem, JSON_STRICT, "{s?s, s?o, s?s, s?o}", "language", &language,
                       "subject", &subject_json, "text", &text, "html", &html_json) != 0) {
        error_set(error, ERROR_INVALID, "field_invalid", "texts: %s", problem.text);
        return FALSE;
    }
    if (!read_optional(subject_json, &subject) || !read_optional(html_json, &html))
        return refuse(error, "subject and html must be texts or null");
    canned_add_text(canned, language, subject, text, html);
    return check_text(canned->texts->pdata[canned->texts->len - 1], error);
}

static gboolean decode_texts(Canned *canned, json_t *texts, GError **error) {
    size_t at;
    json_t *text;
    if (!json_is_array(texts) || json_array_size(texts) == 0 ||
        json_array_size(texts) > CANNED_TEXTS_MAX)
        return refuse(error, "texts must be a list of 1 to 30 texts, one a language");
    json_array_foreach(texts, at, text) {
        if (!decode_text(canned, text, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean decode_folder(Canned *canned, const json_t *folder, GError **error) {
    if (folder == NULL || json_is_null(folder))
        return TRUE;
    canned->folder_id = json_is_string(folder) ? id_parse(json_string_value(folder), NULL) : 0;
    return canned->folder_id != 0 || refuse(error, "folder_id must be the id of a folder, or null");
}

static gboolean check_names(const char *name, const char *shortcut, GError **error) {
    if (*name == '\0' || !is_line(name, NAME_CHARACTERS_MAX))
        return refuse(error, "name must be one line of 1 to 200 characters");
    if (!is_line(shortcut, SHORTCUT_CHARACTERS_MAX) || strpbrk(shortcut, " /") != NULL)
        return refuse(error, "shortcut must be at most 50 characters without spaces and slashes");
    return TRUE;
}

Canned *canned_decode(json_t *json, Id me, GError **error) {
    g_autoptr(Canned) canned = canned_new();
    const char *name, *shortcut = "";
    json_t *owner = NULL, *team = NULL, *folder = NULL, *texts;
    json_int_t position = 0;
    json_error_t problem;
    if (json_unpack_ex(json, &problem, JSON_STRICT, "{s:s, s?s, s?o, s?o, s?o, s?I, s:o}", "name",
                       &name, "shortcut", &shortcut, "owner", &owner, "team_id", &team, "folder_id",
                       &folder, "position", &position, "texts", &texts) != 0) {
        error_set(error, ERROR_INVALID, "body_invalid", "%s", problem.text);
        return NULL;
    }
    canned->position = position;
    if (!check_names(name, shortcut, error) ||
        !owner_decode(owner, team, me, &canned->agent_id, &canned->team_id, error) ||
        !decode_folder(canned, folder, error) || !decode_texts(canned, texts, error))
        return NULL;
    canned->name = g_strdup(name);
    canned->shortcut = g_strdup(shortcut);
    return g_steal_pointer(&canned);
}

static gsize primary_length(const char *language) {
    return strcspn(language, "-");
}

// 3: the same; 2: its primary language; 1: of the same primary language; 0: no.
static int fitness(const char *language, const char *wanted) {
    gsize length = primary_length(wanted);
    if (g_ascii_strcasecmp(language, wanted) == 0)
        return 3;
    if (*language == '\0' || primary_length(language) != length ||
        g_ascii_strncasecmp(language, wanted, length) != 0)
        return 0;
    return language[length] == '\0' ? 2 : 1;
}

const CannedText *canned_choose(const Canned *canned, const char *wanted) {
    const CannedText *best = canned->texts->pdata[0];
    int best_fitness = 0;
    for (guint at = 0; wanted != NULL && *wanted != '\0' && at < canned->texts->len; at++) {
        const CannedText *text = canned->texts->pdata[at];
        int fits = fitness(text->language, wanted);
        if (fits > best_fitness) {
            best = text;
            best_fitness = fits;
        }
    }
    return best;
}

static json_t *texts_to_json(const Canned *canned) {
    json_t *list = json_array();
    for (guint at = 0; at < canned->texts->len; at++) {
        const CannedText *text = canned->texts->pdata[at];
        json_array_append_new(list, json_pack("{s:s, s:s?, s:s, s:s?}", "language", text->language,
                                              "subject", text->subject, "text", text->text, "html",
                                              text->html));
    }
    return list;
}

static json_t *id_to_json(Id id) {
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, id);
    return id != 0 ? json_string(text) : json_null();
}

static json_t *instant_to_json(Instant instant) {
    g_autofree char *text = instant != INSTANT_NONE ? instant_format(instant) : NULL;
    return text != NULL ? json_string(text) : json_null();
}

json_t *canned_to_json(const Canned *canned) {
    return json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:I, s:I, s:o, s:o, s:I, s:o}", "id",
                     id_to_json(canned->id), "name", canned->name, "shortcut", canned->shortcut,
                     "owner", owner_name(canned->agent_id, canned->team_id), "agent_id",
                     id_to_json(canned->agent_id), "team_id", id_to_json(canned->team_id),
                     "folder_id", id_to_json(canned->folder_id), "position",
                     (json_int_t)canned->position, "use_count", (json_int_t)canned->use_count,
                     "used_at", instant_to_json(canned->used_at), "created_at",
                     instant_to_json(canned->created_at), "version", (json_int_t)canned->version,
                     "texts", texts_to_json(canned));
}
