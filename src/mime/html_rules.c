#include "mime/html_rules.h"

#include <stdlib.h>
#include <string.h>

#define ATTRIBUTE_TEXT_MAX 1024
#define ATTRIBUTE_WORD_MAX 100
#define ATTRIBUTE_SIZE_MAX 8

static const guint8 kept[] = {
    GUMBO_TAG_ARTICLE,    GUMBO_TAG_SECTION, GUMBO_TAG_NAV,      GUMBO_TAG_ASIDE,
    GUMBO_TAG_H1,         GUMBO_TAG_H2,      GUMBO_TAG_H3,       GUMBO_TAG_H4,
    GUMBO_TAG_H5,         GUMBO_TAG_H6,      GUMBO_TAG_HGROUP,   GUMBO_TAG_HEADER,
    GUMBO_TAG_FOOTER,     GUMBO_TAG_ADDRESS, GUMBO_TAG_P,        GUMBO_TAG_PRE,
    GUMBO_TAG_BLOCKQUOTE, GUMBO_TAG_OL,      GUMBO_TAG_UL,       GUMBO_TAG_LI,
    GUMBO_TAG_DL,         GUMBO_TAG_DT,      GUMBO_TAG_DD,       GUMBO_TAG_FIGURE,
    GUMBO_TAG_FIGCAPTION, GUMBO_TAG_MAIN,    GUMBO_TAG_DIV,      GUMBO_TAG_A,
    GUMBO_TAG_EM,         GUMBO_TAG_STRONG,  GUMBO_TAG_SMALL,    GUMBO_TAG_S,
    GUMBO_TAG_CITE,       GUMBO_TAG_Q,       GUMBO_TAG_DFN,      GUMBO_TAG_ABBR,
    GUMBO_TAG_TIME,       GUMBO_TAG_CODE,    GUMBO_TAG_VAR,      GUMBO_TAG_SAMP,
    GUMBO_TAG_KBD,        GUMBO_TAG_SUB,     GUMBO_TAG_SUP,      GUMBO_TAG_I,
    GUMBO_TAG_B,          GUMBO_TAG_U,       GUMBO_TAG_MARK,     GUMBO_TAG_BDI,
    GUMBO_TAG_BDO,        GUMBO_TAG_SPAN,    GUMBO_TAG_INS,      GUMBO_TAG_DEL,
    GUMBO_TAG_TABLE,      GUMBO_TAG_CAPTION, GUMBO_TAG_COLGROUP, GUMBO_TAG_TBODY,
    GUMBO_TAG_THEAD,      GUMBO_TAG_TFOOT,   GUMBO_TAG_TR,       GUMBO_TAG_TD,
    GUMBO_TAG_TH,         GUMBO_TAG_ACRONYM, GUMBO_TAG_DIR,      GUMBO_TAG_STRIKE,
    GUMBO_TAG_BIG,        GUMBO_TAG_CENTER,  GUMBO_TAG_FONT,     GUMBO_TAG_TT,
};

static const guint8 kept_void[] = {
    GUMBO_TAG_BR, GUMBO_TAG_HR, GUMBO_TAG_IMG, GUMBO_TAG_WBR, GUMBO_TAG_COL,
};

static const guint8 dropped[] = {
    GUMBO_TAG_HEAD,     GUMBO_TAG_TITLE,    GUMBO_TAG_BASE,     GUMBO_TAG_LINK,
    GUMBO_TAG_META,     GUMBO_TAG_STYLE,    GUMBO_TAG_SCRIPT,   GUMBO_TAG_NOSCRIPT,
    GUMBO_TAG_TEMPLATE, GUMBO_TAG_IFRAME,   GUMBO_TAG_EMBED,    GUMBO_TAG_OBJECT,
    GUMBO_TAG_PARAM,    GUMBO_TAG_VIDEO,    GUMBO_TAG_AUDIO,    GUMBO_TAG_SOURCE,
    GUMBO_TAG_TRACK,    GUMBO_TAG_CANVAS,   GUMBO_TAG_MAP,      GUMBO_TAG_AREA,
    GUMBO_TAG_MATH,     GUMBO_TAG_SVG,      GUMBO_TAG_INPUT,    GUMBO_TAG_SELECT,
    GUMBO_TAG_DATALIST, GUMBO_TAG_KEYGEN,   GUMBO_TAG_PROGRESS, GUMBO_TAG_METER,
    GUMBO_TAG_APPLET,   GUMBO_TAG_BGSOUND,  GUMBO_TAG_FRAME,    GUMBO_TAG_FRAMESET,
    GUMBO_TAG_NOFRAMES, GUMBO_TAG_NOEMBED,  GUMBO_TAG_ISINDEX,  GUMBO_TAG_NEXTID,
    GUMBO_TAG_BASEFONT, GUMBO_TAG_MENUITEM,
};

static gboolean list_has(const guint8 *list, gsize size, GumboTag tag) {
    return memchr(list, (int)tag, size) != NULL;
}

HtmlElementRule html_rule_element(GumboTag tag) {
    if (list_has(kept, sizeof kept, tag)) {
        return HTML_KEEP;
    }
    if (list_has(kept_void, sizeof kept_void, tag)) {
        return HTML_KEEP_VOID;
    }
    return list_has(dropped, sizeof dropped, tag) ? HTML_DROP : HTML_UNWRAP;
}

// Sorted by name.
static const struct {
    const char *name;
    HtmlValueRule rule;
} attributes[] = {
    {"align", HTML_VALUE_WORD},       {"alt", HTML_VALUE_TEXT},
    {"bgcolor", HTML_VALUE_WORD},     {"border", HTML_VALUE_SIZE},
    {"cellpadding", HTML_VALUE_SIZE}, {"cellspacing", HTML_VALUE_SIZE},
    {"color", HTML_VALUE_WORD},       {"colspan", HTML_VALUE_SIZE},
    {"data-quote", HTML_VALUE_WORD},  {"dir", HTML_VALUE_WORD},
    {"face", HTML_VALUE_WORD},        {"height", HTML_VALUE_SIZE},
    {"lang", HTML_VALUE_WORD},        {"noshade", HTML_VALUE_WORD},
    {"nowrap", HTML_VALUE_WORD},      {"reversed", HTML_VALUE_WORD},
    {"rowspan", HTML_VALUE_SIZE},     {"size", HTML_VALUE_SIZE},
    {"start", HTML_VALUE_SIZE},       {"style", HTML_VALUE_STYLE},
    {"title", HTML_VALUE_TEXT},       {"type", HTML_VALUE_WORD},
    {"valign", HTML_VALUE_WORD},      {"value", HTML_VALUE_SIZE},
    {"width", HTML_VALUE_SIZE},
};

static int compare_attribute(const void *name, const void *entry) {
    return strcmp(name, *(const char *const *)entry);
}

HtmlValueRule html_rule_attribute(const char *name) {
    const void *found =
        bsearch(name, attributes, G_N_ELEMENTS(attributes), sizeof *attributes, compare_attribute);
    return found ? attributes[((const char *)found - (const char *)attributes) /
                              (gssize)sizeof *attributes]
                       .rule
                 : HTML_VALUE_NONE;
}

static gboolean is_made_of(const char *value, const char *more, gsize limit) {
    gsize length = 0;
    for (; *value; value++, length++) {
        if (!g_ascii_isalnum(*value) && !strchr(more, *value)) {
            return FALSE;
        }
    }
    return length <= limit;
}

gboolean html_rule_value_fits(HtmlValueRule rule, const char *value) {
    switch (rule) {
    case HTML_VALUE_TEXT:
        return strlen(value) <= ATTRIBUTE_TEXT_MAX;
    case HTML_VALUE_SIZE:
        return is_made_of(value, ".%+-*", ATTRIBUTE_SIZE_MAX);
    case HTML_VALUE_WORD:
        return is_made_of(value, "#-_, '", ATTRIBUTE_WORD_MAX);
    case HTML_VALUE_NONE:
    case HTML_VALUE_STYLE:
        break;
    }
    return FALSE;
}
