// The allow-list of html_clean: what becomes of each element and of each attribute. Data only.
#pragma once

#include <glib.h>
#include <gumbo.h>

typedef enum {
    HTML_UNWRAP, // the element goes, its contents stay: unknown elements, form, button, o:p ...
    HTML_KEEP,
    HTML_KEEP_VOID, // has no contents and no end tag
    HTML_DROP,      // the element goes with everything in it
} HtmlElementRule;

HtmlElementRule html_rule_element(GumboTag tag);

typedef enum {
    HTML_VALUE_NONE,  // not kept
    HTML_VALUE_TEXT,  // kept as it is, bounded
    HTML_VALUE_SIZE,  // digits, perhaps with % or a unit
    HTML_VALUE_WORD,  // letters, digits, "-", "#", "," and blanks: alignments, colours, faces
    HTML_VALUE_STYLE, // through html_style_filter
} HtmlValueRule;

// The rule for an attribute that every kept element may bear; addresses (href, src) are not here.
HtmlValueRule html_rule_attribute(const char *name);

// True when the value fits its rule (not HTML_VALUE_STYLE).
gboolean html_rule_value_fits(HtmlValueRule rule, const char *value);
