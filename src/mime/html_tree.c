#include "mime/html_tree.h"

#include <setjmp.h>
#include <signal.h>
#include <string.h>

// gumbo frees its tree by recursion and asks for memory without end, so it gets an arena: freed as
// a whole, and left by siglongjmp when it is full, or when gumbo aborts itself.
#define ARENA_CHUNK (64 * 1024)
#define FRAMESET_TAGS_MAX 1000
#define TAG_MARKS_MAX 4000 // blanks, slashes and equal signs within one tag

struct HtmlTree {
    GPtrArray *chunks;
    char *place;
    gsize room;
    gsize used;
    sigjmp_buf given_up;
    const GumboNode *body;
};

static void *arena_take(void *data, size_t size) {
    HtmlTree *tree = data;
    size = (size + 15) & ~(size_t)15;
    if (size > tree->room) {
        gsize chunk = MAX(size, (gsize)ARENA_CHUNK);
        if (chunk > HTML_MEMORY_MAX - tree->used) {
            siglongjmp(tree->given_up, 1);
        }
        tree->place = g_malloc(chunk);
        tree->room = chunk;
        tree->used += chunk;
        g_ptr_array_add(tree->chunks, tree->place);
    }
    void *taken = tree->place;
    tree->place += size;
    tree->room -= size;
    return taken;
}

static void arena_give(void *data G_GNUC_UNUSED, void *memory G_GNUC_UNUSED) {
}

// Elements that end by themselves: counting their start tags would find depth where there is none.
static gboolean tag_nests(GumboTag tag) {
    switch ((int)tag) {
    case GUMBO_TAG_P:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TFOOT:
    case GUMBO_TAG_OPTION:
    case GUMBO_TAG_OPTGROUP:
    case GUMBO_TAG_BR:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_IMG:
    case GUMBO_TAG_IMAGE:
    case GUMBO_TAG_INPUT:
    case GUMBO_TAG_META:
    case GUMBO_TAG_LINK:
    case GUMBO_TAG_BASE:
    case GUMBO_TAG_COL:
    case GUMBO_TAG_WBR:
    case GUMBO_TAG_AREA:
    case GUMBO_TAG_EMBED:
    case GUMBO_TAG_PARAM:
    case GUMBO_TAG_SOURCE:
    case GUMBO_TAG_TRACK:
    case GUMBO_TAG_KEYGEN:
    case GUMBO_TAG_BASEFONT:
    case GUMBO_TAG_BGSOUND:
    case GUMBO_TAG_FRAME:
        return FALSE;
    default:
        return TRUE;
    }
}

// The next of quote in [at, end), or end.
static const char *skip_quoted(const char *at, const char *end) {
    const char *close = at < end ? memchr(at + 1, *at, (gsize)(end - at - 1)) : NULL;
    return close ? close : end;
}

// gumbo compares each attribute of a tag with all before it.
static gboolean markup_has_long_tag(const char *html, gsize length) {
    const char *end = html + length;
    guint marks = 0; // what may separate attributes, outside quotes
    for (const char *at = html; (at = memchr(at, '<', (gsize)(end - at))); marks = 0) {
        if (++at == end || !g_ascii_isalpha(*at)) {
            continue;
        }
        for (; at < end && *at != '>'; at++) {
            gboolean begins_value = (*at == '"' || *at == '\'') && at[-1] == '=';
            marks += g_ascii_isspace(*at) || *at == '/' || *at == '=';
            if (marks > TAG_MARKS_MAX) {
                return TRUE;
            }
            if (begins_value && (at = skip_quoted(at, end)) == end) {
                return FALSE;
            }
        }
    }
    return FALSE;
}

// A cheap look before the parse, so that hostile depth does not even cost the parser's time.
// Comments and scripts may fool it either way; the tree itself is measured afterwards.
static gboolean markup_is_deep(const char *html, gsize length) {
    gssize depth = 0;
    guint tags = 0;
    const char *end = html + length;
    for (const char *at = html; (at = memchr(at, '<', (gsize)(end - at))); at++) {
        const char *name = at + 1;
        gboolean closes = name < end && *name == '/';
        name += closes;
        gsize size = 0;
        while (name + size < end && size < 32 && g_ascii_isalnum(name[size])) {
            size++;
        }
        if (size == 0) {
            continue;
        }
        GumboTag tag = gumbo_tagn_enum(name, (unsigned)size);
        // gumbo frees the body by recursion when it meets one.
        if (++tags > FRAMESET_TAGS_MAX && tag == GUMBO_TAG_FRAMESET) {
            return TRUE;
        }
        if (tag_nests(tag)) {
            depth = MAX(depth + (closes ? -1 : 1), 0);
        }
        if (depth > HTML_DEPTH_MAX) {
            return TRUE;
        }
    }
    return FALSE;
}

// SVG and MathML are read as unknown HTML elements: nothing of theirs is kept but words, most
// tricks with markup live where the two grammars meet, and gumbo asserts on some of them.
static char *copy_without_foreign(HtmlTree *tree, const char *html, gsize length) {
    static const char *const names[] = {"svg", "math"};
    char *copy = g_malloc(length + 1);
    memcpy(copy, html, length);
    copy[length] = '\0';
    g_ptr_array_add(tree->chunks, copy);
    char *end = copy + length;
    for (char *at = copy; (at = memchr(at, '<', (gsize)(end - at))); at++) {
        char *name = at + 1 + (at[1] == '/' ? 1 : 0);
        for (gsize which = 0; which < G_N_ELEMENTS(names); which++) {
            gsize size = strlen(names[which]);
            if (g_ascii_strncasecmp(name, names[which], size) == 0 &&
                !g_ascii_isalnum(name[size])) {
                *name = 'x';
            }
        }
    }
    return copy;
}

typedef struct {
    guint depth;
    guint deepest;
} DepthCount;

static gboolean depth_enter(const GumboNode *node, gpointer data) {
    DepthCount *count = data;
    gboolean element = node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
    count->depth += element ? 1 : 0;
    count->deepest = MAX(count->deepest, count->depth);
    return element;
}

static void depth_leave(const GumboNode *node G_GNUC_UNUSED, gpointer data) {
    ((DepthCount *)data)->depth--;
}

static const GumboNode *find_body(const GumboNode *root) {
    for (unsigned at = 0; at < root->v.element.children.length; at++) {
        const GumboNode *child = root->v.element.children.data[at];
        if (html_node_tag(child) == GUMBO_TAG_BODY) {
            return child;
        }
    }
    return root;
}

// gumbo 0.10 asserts on some markup, such as a title in a select in svg in a table. The tree that
// it is at work on, for the handler of SIGABRT; its thread's own.
static _Thread_local HtmlTree *parsed_now;

static void abort_caught(int signal_number) {
    if (parsed_now != NULL)
        siglongjmp(parsed_now->given_up, 1);
    signal(signal_number, SIG_DFL); // somebody else's abort: it goes on to the end
}

static GumboOutput *parse_guarded(HtmlTree *tree, const char *html, gsize length) {
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = arena_take;
    options.deallocator = arena_give;
    options.userdata = tree;
    options.max_errors = 0;
    struct sigaction before;
    struct sigaction guard = {.sa_handler = abort_caught};
    sigaction(SIGABRT, &guard, &before);
    GumboOutput *volatile output = NULL;
    parsed_now = tree;
    if (sigsetjmp(tree->given_up, 1) == 0)
        output = gumbo_parse_with_options(&options, html, length);
    parsed_now = NULL;
    sigaction(SIGABRT, &before, NULL);
    return output;
}

HtmlTree *html_tree_parse(const char *html, gsize length) {
    if (length > HTML_INPUT_MAX || markup_is_deep(html, length) ||
        markup_has_long_tag(html, length)) {
        return NULL;
    }
    HtmlTree *tree = g_new0(HtmlTree, 1);
    tree->chunks = g_ptr_array_new_with_free_func(g_free);
    const char *copy = copy_without_foreign(tree, html, length);
    GumboOutput *output = parse_guarded(tree, copy, length);
    if (output == NULL) {
        html_tree_free(tree);
        return NULL;
    }
    tree->body = find_body(output->root);
    DepthCount count = {0, 0};
    html_tree_walk(tree->body, &(HtmlVisitor){depth_enter, depth_leave}, &count);
    if (count.deepest > HTML_DEPTH_MAX) {
        html_tree_free(tree);
        return NULL;
    }
    return tree;
}

void html_tree_free(HtmlTree *tree) {
    if (tree) {
        g_ptr_array_unref(tree->chunks);
        g_free(tree);
    }
}

const GumboNode *html_tree_body(const HtmlTree *tree) {
    return tree->body;
}

static const GumboVector *node_children(const GumboNode *node) {
    gboolean has = node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
    return has ? &node->v.element.children : &kGumboEmptyVector;
}

void html_tree_walk(const GumboNode *start, const HtmlVisitor *visitor, gpointer data) {
    typedef struct {
        const GumboNode *node;
        unsigned next;
    } Place;
    g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(Place));
    g_array_append_val(path, ((Place){start, 0}));
    while (path->len > 0) {
        Place *place = &g_array_index(path, Place, path->len - 1);
        const GumboVector *children = node_children(place->node);
        if (place->next >= children->length) {
            if (path->len > 1) {
                visitor->leave(place->node, data);
            }
            g_array_set_size(path, path->len - 1);
            continue;
        }
        const GumboNode *child = children->data[place->next++];
        gboolean into = visitor->enter(child, data);
        if (into && (child->type == GUMBO_NODE_ELEMENT || child->type == GUMBO_NODE_TEMPLATE)) {
            g_array_append_val(path, ((Place){child, 0}));
        }
    }
}

const char *html_node_attribute(const GumboNode *node, const char *name) {
    if (node->type != GUMBO_NODE_ELEMENT && node->type != GUMBO_NODE_TEMPLATE) {
        return NULL;
    }
    GumboAttribute *attribute = gumbo_get_attribute(&node->v.element.attributes, name);
    return attribute ? attribute->value : NULL;
}

gboolean html_node_has_class(const GumboNode *node, const char *word) {
    const char *classes = html_node_attribute(node, "class");
    gsize size = strlen(word);
    gboolean prefix = word[size - 1] == '*';
    size -= prefix ? 1 : 0;
    while (classes && *classes) {
        gsize length = strcspn(classes, " \t\r\n\f");
        if ((length == size || (prefix && length > size)) && strncmp(classes, word, size) == 0) {
            return TRUE;
        }
        classes += length + (classes[length] != '\0');
    }
    return FALSE;
}

gboolean html_node_is_html(const GumboNode *node) {
    return node->v.element.tag_namespace == GUMBO_NAMESPACE_HTML;
}

GumboTag html_node_tag(const GumboNode *node) {
    gboolean element = node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
    return element ? node->v.element.tag : GUMBO_TAG_UNKNOWN;
}
