#include "model/base_subject.h"

#include <string.h>

// Words that mark replies and forwards: RFC 5256's, then those that mail programs put in their
// users' languages.
static const char *const marks[] = {
    "re",  "fw",  "fwd",                       // RFC 5256
    "vs",  "vl",  "vast", "vb",      "sv",     // Finnish, Swedish, Norwegian, Danish
    "aw",  "wg",  "antw", "antwort", "doorst", // German, Dutch
    "rif", "res", "enc",  "rv",      "tr",
    "odp",                                 // Italian, Portuguese, Spanish, French, Polish
    "ynt", "ilt", "bls",  "trs",     "pd", // Turkish, Indonesian, ...
};

static const char *skip_space(const char *at) {
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

// After "[...]" and the space behind it, or NULL where there is no blob.
static const char *skip_blob(const char *at) {
    if (*at != '[')
        return NULL;
    const char *end = strpbrk(at + 1, "[]");
    return end != NULL && *end == ']' ? skip_space(end + 1) : NULL;
}

static const char *skip_mark_word(const char *at) {
    for (gsize index = 0; index < G_N_ELEMENTS(marks); index++) {
        gsize length = strlen(marks[index]);
        if (g_ascii_strncasecmp(at, marks[index], length) == 0 && !g_ascii_isalpha(at[length]))
            return at + length;
    }
    return NULL;
}

// "[2]" and "(2)" count replies in some programs.
static const char *skip_count(const char *at) {
    const char *blob = skip_blob(at);
    if (blob != NULL)
        return blob;
    if (*at != '(')
        return at;
    const char *end = at + 1 + strspn(at + 1, "0123456789");
    return *end == ')' && end > at + 1 ? skip_space(end + 1) : at;
}

// subj-leader: any blobs, then a mark and its colon. NULL where it does not match.
static const char *skip_leader(const char *at) {
    for (const char *next = skip_blob(at); next != NULL; next = skip_blob(at))
        at = next;
    at = skip_mark_word(at);
    if (at == NULL)
        return NULL;
    at = skip_count(skip_space(at));
    if (g_str_has_prefix(at, "：")) // full-width colon of East Asian keyboards
        return skip_space(at + strlen("："));
    return *at == ':' ? skip_space(at + 1) : NULL;
}

static gboolean cut_leaders(char *text) {
    const char *at = skip_space(text);
    gboolean found = FALSE;
    for (const char *next = skip_leader(at); next != NULL; next = skip_leader(at)) {
        at = next;
        found = TRUE;
    }
    memmove(text, at, strlen(at) + 1);
    return found;
}

// subj-trailer: "(fwd)" and white space at the end, again and again.
static gboolean cut_trailers(char *text) {
    gboolean found = FALSE;
    for (g_strchomp(text); strlen(text) >= 5; g_strchomp(text)) {
        char *end = text + strlen(text) - 5;
        if (g_ascii_strcasecmp(end, "(fwd)") != 0)
            break;
        *end = '\0';
        found = TRUE;
    }
    return found;
}

// "[fwd: ...]" around everything.
static gboolean cut_wrapping(char *text) {
    gsize length = strlen(text);
    gsize prefix = strlen("[fwd:");
    if (length <= prefix || g_ascii_strncasecmp(text, "[fwd:", prefix) != 0 ||
        text[length - 1] != ']')
        return FALSE;
    text[length - 1] = '\0';
    memmove(text, text + prefix, length - prefix);
    return TRUE;
}

static char *fold_space(const char *subject) {
    GString *folded = g_string_sized_new(strlen(subject));
    for (const char *at = subject; *at != '\0'; at++) {
        gboolean is_space = *at == ' ' || *at == '\t' || *at == '\r' || *at == '\n';
        if (!is_space)
            g_string_append_c(folded, *at);
        else if (folded->len > 0 && folded->str[folded->len - 1] != ' ')
            g_string_append_c(folded, ' ');
    }
    return g_string_free(folded, FALSE);
}

char *base_subject(const char *subject, gboolean *is_reply_or_forward) {
    char *text = fold_space(subject);
    gboolean is_marked = FALSE;
    gboolean was_wrapped;
    do {
        is_marked |= cut_trailers(text);
        is_marked |= cut_leaders(text);
        was_wrapped = cut_wrapping(text);
        is_marked |= was_wrapped;
    } while (was_wrapped);
    if (is_reply_or_forward != NULL)
        *is_reply_or_forward = is_marked;
    return text;
}
