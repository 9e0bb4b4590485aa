// An HTML5 tree of a stranger's markup, bounded in memory and depth, and a walk over it that does
// not recurse. Used by html_clean and html_text. Trees that would be too deep or too large are not
// made: their readers fall back to html_strip.
#pragma once

#include <glib.h>
#include <gumbo.h>

#define HTML_INPUT_MAX (8 * 1024 * 1024)    // bytes of HTML that are parsed
#define HTML_DEPTH_MAX 512                  // elements within each other
#define HTML_MEMORY_MAX (192 * 1024 * 1024) // bytes that the tree may take

typedef struct HtmlTree HtmlTree;

// Parses. html need not be UTF-8 nor end in NUL. NULL when it is larger, deeper or costs more
// memory than the limits above.
HtmlTree *html_tree_parse(const char *html, gsize length) G_GNUC_WARN_UNUSED_RESULT;
void html_tree_free(HtmlTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HtmlTree, html_tree_free)

// The body element. Borrowed; never NULL.
const GumboNode *html_tree_body(const HtmlTree *tree);

// What to do with the nodes below a start node, in document order. enter says whether to go into
// its children; leave is called for each element whose enter said TRUE.
typedef struct {
    gboolean (*enter)(const GumboNode *node, gpointer data);
    void (*leave)(const GumboNode *node, gpointer data);
} HtmlVisitor;

// Walks the children of start, not start itself.
void html_tree_walk(const GumboNode *start, const HtmlVisitor *visitor, gpointer data);

// The value of an attribute of an element, or NULL. Borrowed. Names are lower case.
const char *html_node_attribute(const GumboNode *node, const char *name);

// True for an element whose class attribute has this word, or one that begins with it when the word
// ends in "*".
gboolean html_node_has_class(const GumboNode *node, const char *word);

// True for elements of HTML's own namespace: not SVG, not MathML.
gboolean html_node_is_html(const GumboNode *node);

// The tag, GUMBO_TAG_UNKNOWN for what is no HTML element.
GumboTag html_node_tag(const GumboNode *node);
