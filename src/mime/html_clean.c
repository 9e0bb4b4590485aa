#include "mime/html_clean.h"

#include <string.h>

#include "mime/html_link.h"
#include "mime/html_rules.h"
#include "mime/html_style.h"
#include "mime/html_text.h"
#include "mime/html_tree.h"

#define OUTPUT_MAX (16 * 1024 * 1024) // bytes; more than that is the work of a bomb
#define PASSES_MAX 6

typedef struct {
    GString *out;
    HtmlCleanFacts facts;
    guint alone_open; // a, headings and items now open: one within another may not parse so again
    guint paragraphs_open;
    gsize pre_start;   // where the contents of the last pre begin
    gboolean reshaped; // what is written may be read as another tree: clean once more
} Cleaner;

static void write_escaped(GString *out, const char *text, gboolean attribute) {
    for (; *text; text++) {
        if (*text == '&') {
            g_string_append(out, "&amp;");
        } else if (*text == '<') {
            g_string_append(out, "&lt;");
        } else if (*text == '>') {
            g_string_append(out, "&gt;");
        } else if (attribute && *text == '"') {
            g_string_append(out, "&quot;");
        } else if (attribute && *text == '`') {
            g_string_append(out, "&#96;"); // old Internet Explorer took it for a quote
        } else if (*text != '\f' && *text != '\r') {
            g_string_append_c(out, *text);
        }
    }
}

static void write_attribute(GString *out, const char *name, const char *value) {
    g_string_append_printf(out, " %s=\"", name);
    write_escaped(out, value, TRUE);
    g_string_append_c(out, '"');
}

static void write_style(Cleaner *cleaner, const char *style) {
    g_autofree char *kept = html_style_filter(style, &cleaner->facts.remote_images);
    if (kept) {
        write_attribute(cleaner->out, "style", kept);
    }
}

static gboolean attribute_could_act(const char *name) {
    static const char *const acting[] = {"action", "formaction", "ping", "srcdoc", "xlink:href"};
    for (gsize at = 0; at < G_N_ELEMENTS(acting); at++) {
        if (g_str_equal(name, acting[at])) {
            return TRUE;
        }
    }
    return g_str_has_prefix(name, "on");
}

static void write_common_attribute(Cleaner *cleaner, const GumboAttribute *attribute) {
    HtmlValueRule rule = html_rule_attribute(attribute->name);
    if (rule == HTML_VALUE_STYLE) {
        write_style(cleaner, attribute->value);
    } else if (html_rule_value_fits(rule, attribute->value)) {
        write_attribute(cleaner->out, attribute->name, attribute->value);
    } else if (attribute_could_act(attribute->name)) {
        cleaner->facts.dropped++;
    } else if (g_str_equal(attribute->name, "background") && *attribute->value) {
        cleaner->facts.remote_images++;
    }
}

static void write_link(Cleaner *cleaner, const GumboNode *node) {
    HtmlLinkKind kind;
    g_autofree char *address = html_link_parse(html_node_attribute(node, "href"), &kind);
    write_attribute(cleaner->out, "href", address);
    g_string_append(cleaner->out, " target=\"_blank\" rel=\"noopener noreferrer nofollow\"");
    cleaner->facts.links++;
}

// src of http and https waits in data-src, as does the data-src of something cleaned before.
static void write_image_source(Cleaner *cleaner, const GumboNode *node) {
    HtmlLinkKind kind;
    const char *source = html_node_attribute(node, "src");
    g_autofree char *made = NULL;
    if (!source) {
        source = html_node_attribute(node, "data-src");
    } else if (g_str_has_prefix(source, "//")) {
        source = made = g_strconcat("https:", source, NULL);
    }
    g_autofree char *address = html_link_parse(source, &kind);
    if (kind == HTML_LINK_WEB) {
        write_attribute(cleaner->out, "data-src", address);
        cleaner->facts.remote_images++;
    } else if (kind == HTML_LINK_INLINE) {
        write_attribute(cleaner->out, "src", address);
        cleaner->facts.inline_images++;
    } else if (kind == HTML_LINK_IMAGE) {
        write_attribute(cleaner->out, "src", address);
    } else if (source) {
        cleaner->facts.dropped++;
    }
}

// Mail programs mark what they quote by a class; classes go, the mark stays.
static gboolean is_marked_quote(const GumboNode *node) {
    static const char *const classes[] = {"gmail_quote", "yahoo_quoted", "moz-cite-prefix",
                                          "gmail_attr",  "zmail_extra",  "protonmail_quote"};
    for (gsize at = 0; at < G_N_ELEMENTS(classes); at++) {
        if (html_node_has_class(node, classes[at])) {
            return TRUE;
        }
    }
    return FALSE;
}

static void write_start(Cleaner *cleaner, const GumboNode *node) {
    const GumboVector *attributes = &node->v.element.attributes;
    g_string_append_printf(cleaner->out, "<%s", gumbo_normalized_tagname(node->v.element.tag));
    if (node->v.element.tag == GUMBO_TAG_A) {
        write_link(cleaner, node);
    } else if (node->v.element.tag == GUMBO_TAG_IMG) {
        write_image_source(cleaner, node);
    }
    if (is_marked_quote(node) && !html_node_attribute(node, "data-quote")) {
        write_attribute(cleaner->out, "data-quote", "");
    }
    for (unsigned at = 0; at < attributes->length; at++) {
        write_common_attribute(cleaner, attributes->data[at]);
    }
    g_string_append_c(cleaner->out, '>');
    if (node->v.element.tag == GUMBO_TAG_PRE) {
        cleaner->pre_start = cleaner->out->len;
    }
}

static gboolean is_link_without_address(const GumboNode *node) {
    HtmlLinkKind kind;
    g_autofree char *address = html_link_parse(html_node_attribute(node, "href"), &kind);
    return kind != HTML_LINK_WEB && kind != HTML_LINK_WRITE;
}

static HtmlElementRule node_rule(const GumboNode *node) {
    if (node->type == GUMBO_NODE_TEMPLATE || !html_node_is_html(node)) {
        return HTML_DROP;
    }
    HtmlElementRule rule = html_rule_element(node->v.element.tag);
    if (node->v.element.tag == GUMBO_TAG_A && is_link_without_address(node)) {
        return HTML_UNWRAP;
    }
    return rule;
}

#define RESHAPING                                                                                  \
    (GUMBO_INSERTION_RECONSTRUCTED_FORMATTING_ELEMENT | GUMBO_INSERTION_ADOPTION_AGENCY_CLONED |   \
     GUMBO_INSERTION_ADOPTION_AGENCY_MOVED | GUMBO_INSERTION_FOSTER_PARENTED |                     \
     GUMBO_INSERTION_CONVERTED_FROM_END_TAG)

// A link in a heading or an item is counted too: that costs one more pass, no more.
static gboolean stands_alone(const GumboNode *node) {
    GumboTag tag = node->v.element.tag;
    return tag == GUMBO_TAG_A || (tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6) ||
           tag == GUMBO_TAG_LI || tag == GUMBO_TAG_DD || tag == GUMBO_TAG_DT;
}

// Within a paragraph only foster parents put these, or a table between.
static gboolean ends_paragraph(const GumboNode *node) {
    static const guint8 blocks[] = {
        GUMBO_TAG_ADDRESS, GUMBO_TAG_ARTICLE, GUMBO_TAG_ASIDE,      GUMBO_TAG_BLOCKQUOTE,
        GUMBO_TAG_CENTER,  GUMBO_TAG_DIR,     GUMBO_TAG_DIV,        GUMBO_TAG_DL,
        GUMBO_TAG_FIGURE,  GUMBO_TAG_FOOTER,  GUMBO_TAG_FIGCAPTION, GUMBO_TAG_HEADER,
        GUMBO_TAG_HGROUP,  GUMBO_TAG_HR,      GUMBO_TAG_MAIN,       GUMBO_TAG_NAV,
        GUMBO_TAG_OL,      GUMBO_TAG_P,       GUMBO_TAG_PRE,        GUMBO_TAG_SECTION,
        GUMBO_TAG_UL,      GUMBO_TAG_LI,      GUMBO_TAG_DD,         GUMBO_TAG_DT,
        GUMBO_TAG_H1,      GUMBO_TAG_H2,      GUMBO_TAG_H3,         GUMBO_TAG_H4,
        GUMBO_TAG_H5,      GUMBO_TAG_H6,
    };
    return memchr(blocks, (int)node->v.element.tag, sizeof blocks) != NULL;
}

static gboolean enter_element(Cleaner *cleaner, const GumboNode *node) {
    HtmlElementRule rule = node_rule(node);
    cleaner->reshaped |= (node->parse_flags & RESHAPING) != 0;
    switch (rule) {
    case HTML_KEEP:
        write_start(cleaner, node);
        cleaner->reshaped |= cleaner->paragraphs_open > 0 && ends_paragraph(node);
        cleaner->alone_open += stands_alone(node) ? 1 : 0;
        cleaner->paragraphs_open += node->v.element.tag == GUMBO_TAG_P ? 1 : 0;
        cleaner->reshaped |= cleaner->alone_open > 1;
        return TRUE;
    case HTML_KEEP_VOID:
        cleaner->reshaped |= cleaner->paragraphs_open > 0 && ends_paragraph(node);
        write_start(cleaner, node);
        return FALSE;
    case HTML_DROP:
        cleaner->facts.dropped++;
        cleaner->reshaped = TRUE;
        return FALSE;
    case HTML_UNWRAP:
        break;
    }
    cleaner->facts.dropped +=
        html_node_attribute(node, "href") || node->v.element.tag == GUMBO_TAG_FORM;
    cleaner->reshaped = TRUE;
    return TRUE;
}

static void write_text(Cleaner *cleaner, const GumboNode *node) {
    // The parser drops a first line end within pre, so it must be there twice.
    if (cleaner->out->len > 0 && cleaner->out->len == cleaner->pre_start &&
        node->v.text.text[0] == '\n') {
        g_string_append_c(cleaner->out, '\n');
    }
    // Blanks before the first word are dropped by the parser as well.
    const char *text = node->v.text.text;
    text += cleaner->out->len == 0 ? strspn(text, " \t\n\f\r") : 0;
    write_escaped(cleaner->out, text, FALSE);
}

static gboolean clean_enter(const GumboNode *node, gpointer data) {
    Cleaner *cleaner = data;
    if (cleaner->out->len > OUTPUT_MAX) {
        return FALSE;
    }
    switch (node->type) {
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_WHITESPACE:
    case GUMBO_NODE_CDATA:
        write_text(cleaner, node);
        return FALSE;
    case GUMBO_NODE_ELEMENT:
    case GUMBO_NODE_TEMPLATE:
        return enter_element(cleaner, node);
    case GUMBO_NODE_COMMENT:
    case GUMBO_NODE_DOCUMENT:
        break;
    }
    return FALSE;
}

static void clean_leave(const GumboNode *node, gpointer data) {
    Cleaner *cleaner = data;
    if (node_rule(node) == HTML_KEEP) {
        cleaner->alone_open -= stands_alone(node) ? 1 : 0;
        cleaner->paragraphs_open -= node->v.element.tag == GUMBO_TAG_P ? 1 : 0;
        g_string_append_printf(cleaner->out, "</%s>",
                               gumbo_normalized_tagname(node->v.element.tag));
    }
}

// body's own look goes to a div, which the page can hold.
static gboolean write_body_start(Cleaner *cleaner, const GumboNode *body) {
    const char *style = html_node_attribute(body, "style");
    const char *colour = html_node_attribute(body, "bgcolor");
    g_autofree char *both = g_strconcat(colour ? "background-color:" : "", colour ? colour : "",
                                        colour ? ";" : "", style ? style : "", NULL);
    g_autofree char *kept = html_style_filter(both, &cleaner->facts.remote_images);
    if (kept) {
        g_string_append(cleaner->out, "<div");
        write_attribute(cleaner->out, "style", kept);
        g_string_append_c(cleaner->out, '>');
    }
    return kept != NULL;
}

static char *clean_once(const char *html, gsize length, Cleaner *cleaner) {
    g_autoptr(HtmlTree) tree = html_tree_parse(html, length);
    if (!tree) {
        return NULL;
    }
    cleaner->out = g_string_sized_new(length + length / 8 + 64);
    gboolean wrapped = write_body_start(cleaner, html_tree_body(tree));
    html_tree_walk(html_tree_body(tree), &(HtmlVisitor){clean_enter, clean_leave}, cleaner);
    if (wrapped) {
        g_string_append(cleaner->out, "</div>");
    }
    while (cleaner->out->len > 0 && g_ascii_isspace(cleaner->out->str[cleaner->out->len - 1])) {
        g_string_truncate(cleaner->out, cleaner->out->len - 1);
    }
    gboolean too_large = cleaner->out->len > OUTPUT_MAX;
    return g_string_free(cleaner->out, too_large);
}

static char *clean_fallback(const char *html, gsize length) {
    g_autofree char *text = html_strip(html, length);
    GString *out = g_string_new("<pre>");
    write_escaped(out, text, FALSE);
    g_string_append(out, "</pre>");
    return g_string_free(out, FALSE);
}

// Leaving elements out may change how the rest is read (a p within a button within a p), which is
// harmless but not stable: clean again until nothing changes.
static char *clean_until_stable(char *clean, gboolean *stable) {
    for (int pass = 1; clean && pass < PASSES_MAX; pass++) {
        Cleaner again = {0};
        g_autofree char *before = clean;
        clean = clean_once(before, strlen(before), &again);
        if (clean && g_str_equal(before, clean)) {
            *stable = TRUE;
            return clean;
        }
    }
    return clean;
}

char *html_clean(const char *html, gsize length, HtmlCleanFacts *facts) {
    Cleaner cleaner = {0};
    char *clean = clean_once(html, length, &cleaner);
    gboolean stable = !cleaner.reshaped;
    if (clean && !stable) {
        clean = clean_until_stable(clean, &stable);
    }
    if (!clean || !stable) {
        g_free(clean);
        cleaner.facts = (HtmlCleanFacts){.is_fallback = TRUE};
        clean = clean_fallback(html, length);
    }
    if (facts) {
        *facts = cleaner.facts;
    }
    return clean;
}
