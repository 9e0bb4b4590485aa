// The MIME structure of a mail: a flat list of parts in document order, each with its headers and
// the span of its body (RFC 2046). Used by the mail decoder only. Iterative and bounded: beyond
// MAIL_DEPTH_MAXIMUM or MAIL_PARTS_MAXIMUM what is inside stays the body of the part around it.
#pragma once

#include "mime/header_block.h"
#include "mime/header_parameters.h"

#define PART_NONE G_MAXUINT

typedef struct {
    guint parent;  // index; PART_NONE for the root
    guint depth;   // 0 for the root
    guint message; // index of the innermost message/rfc822 part around it; PART_NONE: the mail
    gboolean is_container; // multipart/* or message/rfc822 whose parts follow in the list
    HeaderBlock headers;
    HeaderParameters type;        // value: "text/plain" where none or a broken one is declared
    HeaderParameters disposition; // value: "attachment", "inline", "", ...
    char *encoding;               // Content-Transfer-Encoding in lower case; "" when none
    const char *body;             // borrowed from the mail
    gsize length;
} MailPart;

typedef struct {
    GArray *parts; // of MailPart; the root first; never empty
} PartTree;

// data: the whole mail, which must outlive the tree.
void part_tree_read(PartTree *tree, const char *data, gsize length);
void part_tree_clear(PartTree *tree);

// Borrowed.
const MailPart *part_tree_get(const PartTree *tree, guint index);
