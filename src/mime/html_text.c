#include "mime/html_text.h"

#include <string.h>

#include "mime/html_link.h"
#include "mime/html_style.h"
#include "mime/html_tree.h"
#include "mime/text_writer.h"

#define LISTS_MAX 32

typedef struct {
    TextWriter writer;
    guint lists;             // depth
    gint numbers[LISTS_MAX]; // the next number of each list; 0: bullets
    gsize link_start;        // where the text of the open link began in the output
    gboolean row_has_cell;
} Reader;

// Sorted by what they do to the lines around them.
static const guint8 paragraphs[] = {
    GUMBO_TAG_P,   GUMBO_TAG_H1,         GUMBO_TAG_H2,      GUMBO_TAG_H3,
    GUMBO_TAG_H4,  GUMBO_TAG_H5,         GUMBO_TAG_H6,      GUMBO_TAG_TABLE,
    GUMBO_TAG_PRE, GUMBO_TAG_BLOCKQUOTE, GUMBO_TAG_UL,      GUMBO_TAG_OL,
    GUMBO_TAG_DL,  GUMBO_TAG_FIGURE,     GUMBO_TAG_LISTING, GUMBO_TAG_XMP,
};

static const guint8 lines[] = {
    GUMBO_TAG_DIV,     GUMBO_TAG_TR,         GUMBO_TAG_LI,      GUMBO_TAG_DT,
    GUMBO_TAG_DD,      GUMBO_TAG_CENTER,     GUMBO_TAG_ADDRESS, GUMBO_TAG_ARTICLE,
    GUMBO_TAG_SECTION, GUMBO_TAG_HEADER,     GUMBO_TAG_FOOTER,  GUMBO_TAG_NAV,
    GUMBO_TAG_ASIDE,   GUMBO_TAG_MAIN,       GUMBO_TAG_FORM,    GUMBO_TAG_FIELDSET,
    GUMBO_TAG_CAPTION, GUMBO_TAG_FIGCAPTION, GUMBO_TAG_DIR,
};

static const guint8 silent[] = {
    GUMBO_TAG_SCRIPT, GUMBO_TAG_STYLE,    GUMBO_TAG_TITLE,   GUMBO_TAG_HEAD,   GUMBO_TAG_NOSCRIPT,
    GUMBO_TAG_IFRAME, GUMBO_TAG_OBJECT,   GUMBO_TAG_SELECT,  GUMBO_TAG_CANVAS, GUMBO_TAG_AUDIO,
    GUMBO_TAG_VIDEO,  GUMBO_TAG_NOFRAMES, GUMBO_TAG_NOEMBED, GUMBO_TAG_APPLET, GUMBO_TAG_TEMPLATE,
};

static gboolean list_has(const guint8 *list, gsize size, GumboTag tag) {
    return memchr(list, (int)tag, size) != NULL;
}

static guint line_ends_around(const GumboNode *node) {
    GumboTag tag = html_node_tag(node);
    if (tag == GUMBO_TAG_UL || tag == GUMBO_TAG_OL) {
        GumboTag parent = html_node_tag(node->parent);
        if (parent == GUMBO_TAG_LI || parent == GUMBO_TAG_UL || parent == GUMBO_TAG_OL) {
            return 1;
        }
    }
    // Outlook writes each line as a paragraph without space between.
    if (tag == GUMBO_TAG_P && html_node_has_class(node, "MsoNormal")) {
        return 1;
    }
    if (list_has(paragraphs, sizeof paragraphs, tag)) {
        return 2;
    }
    return list_has(lines, sizeof lines, tag) ? 1 : 0;
}

static gboolean is_hidden(const GumboNode *node) {
    const char *style = html_node_attribute(node, "style");
    return html_node_attribute(node, "hidden") || (style && html_style_is_hidden(style));
}

// Mail programs also indent with blockquote; Gmail's is a margin of 40 pixels and no border.
static gboolean is_quote(const GumboNode *node) {
    const char *style = html_node_attribute(node, "style");
    if (html_node_attribute(node, "type") || html_node_has_class(node, "gmail_quote") ||
        html_node_attribute(node, "data-quote") || !style) {
        return TRUE;
    }
    return !(strstr(style, "40px") && strstr(style, "border:none"));
}

static void begin_item(Reader *reader) {
    guint depth = MIN(reader->lists, LISTS_MAX);
    for (guint at = 1; at < depth; at++) {
        text_writer_mark(&reader->writer, "  ");
    }
    gint *number = depth > 0 ? &reader->numbers[depth - 1] : NULL;
    if (number && *number > 0) {
        g_autofree char *mark = g_strdup_printf("%d. ", (*number)++);
        text_writer_mark(&reader->writer, mark);
    } else {
        text_writer_mark(&reader->writer, "- ");
    }
}

static void begin_list(Reader *reader, gboolean numbered) {
    if (reader->lists < LISTS_MAX) {
        reader->numbers[reader->lists] = numbered ? 1 : 0;
    }
    reader->lists++;
}

static void show_image(Reader *reader, const GumboNode *node) {
    const char *alternative = html_node_attribute(node, "alt");
    if (alternative && *alternative && strlen(alternative) < 200) {
        text_writer_mark(&reader->writer, "[");
        text_writer_add(&reader->writer, alternative);
        reader->writer.blank = FALSE;
        text_writer_mark(&reader->writer, "]");
    }
}

static void enter_tag(Reader *reader, const GumboNode *node) {
    TextWriter *writer = &reader->writer;
    switch ((int)html_node_tag(node)) {
    case GUMBO_TAG_BR:
        text_writer_break_line(writer);
        break;
    case GUMBO_TAG_HR:
        text_writer_end_line(writer, 1);
        text_writer_mark(writer, "________________________________");
        text_writer_end_line(writer, 1);
        break;
    case GUMBO_TAG_IMG:
        show_image(reader, node);
        break;
    case GUMBO_TAG_A:
        reader->link_start = writer->out->len;
        break;
    case GUMBO_TAG_LI:
        begin_item(reader);
        break;
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
        begin_list(reader, html_node_tag(node) == GUMBO_TAG_OL);
        break;
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_LISTING:
    case GUMBO_TAG_XMP:
        writer->preformatted++;
        break;
    case GUMBO_TAG_BLOCKQUOTE:
        writer->quotes += is_quote(node) ? 1 : 0;
        break;
    case GUMBO_TAG_TR:
        reader->row_has_cell = FALSE;
        break;
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
        writer->joint = reader->row_has_cell && !writer->at_start ? " | " : NULL;
        reader->row_has_cell = TRUE;
        break;
    default:
        break;
    }
}

static gboolean read_enter(const GumboNode *node, gpointer data) {
    Reader *reader = data;
    if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE ||
        node->type == GUMBO_NODE_CDATA) {
        text_writer_add(&reader->writer, node->v.text.text);
        return FALSE;
    }
    if (node->type != GUMBO_NODE_ELEMENT || !html_node_is_html(node) || is_hidden(node) ||
        list_has(silent, sizeof silent, html_node_tag(node))) {
        return FALSE;
    }
    guint ends = line_ends_around(node);
    if (ends > 0) {
        text_writer_end_line(&reader->writer, ends);
    }
    enter_tag(reader, node);
    return TRUE;
}

// "text <address>", unless the text says the address already.
static void show_address(Reader *reader, const GumboNode *node) {
    HtmlLinkKind kind;
    TextWriter *writer = &reader->writer;
    g_autofree char *address = html_link_parse(html_node_attribute(node, "href"), &kind);
    if (!address || kind == HTML_LINK_INLINE || kind == HTML_LINK_IMAGE) {
        return;
    }
    const char *shown = kind == HTML_LINK_WRITE ? strchr(address, ':') + 1 : address;
    const char *text = writer->out->str + MIN(reader->link_start, writer->out->len);
    const char *bare = strstr(shown, "://") ? strstr(shown, "://") + 3 : shown;
    g_autofree char *stem = g_strndup(bare, strcspn(bare, "?"));
    if (g_str_has_suffix(stem, "/")) {
        stem[strlen(stem) - 1] = '\0';
    }
    if (!*g_strstrip(stem) || strstr(text, stem) || writer->out->len == reader->link_start) {
        return;
    }
    writer->blank = TRUE;
    text_writer_mark(writer, "<");
    text_writer_mark(writer, shown);
    text_writer_mark(writer, ">");
}

static void read_leave(const GumboNode *node, gpointer data) {
    Reader *reader = data;
    switch ((int)html_node_tag(node)) {
    case GUMBO_TAG_A:
        show_address(reader, node);
        break;
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
        reader->lists -= reader->lists > 0;
        break;
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_LISTING:
    case GUMBO_TAG_XMP:
        reader->writer.preformatted -= reader->writer.preformatted > 0;
        break;
    case GUMBO_TAG_BLOCKQUOTE:
        text_writer_end_line(&reader->writer, 1);
        reader->writer.quotes -= is_quote(node) ? 1 : 0;
        break;
    default:
        break;
    }
    guint ends = line_ends_around(node);
    if (ends > 0) {
        text_writer_end_line(&reader->writer, ends);
    }
}

char *html_text(const char *html, gsize length) {
    g_autoptr(HtmlTree) tree = html_tree_parse(html, length);
    if (!tree) {
        return html_strip(html, length);
    }
    Reader reader = {0};
    text_writer_init(&reader.writer);
    html_tree_walk(html_tree_body(tree), &(HtmlVisitor){read_enter, read_leave}, &reader);
    return text_writer_finish(&reader.writer);
}
