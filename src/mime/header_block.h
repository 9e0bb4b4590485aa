// The header block of a mail or part: field names and raw values as spans of the bytes, within the
// limits of mail_decode.h. Used by the mail decoder only. Reads leniently, never fails, copies
// nothing.
#pragma once

#include <glib.h>

typedef struct {
    const char *name;
    gsize name_length;
    const char *value; // after the colon, with its folds, without the last line break
    gsize value_length;
} HeaderField;

typedef struct {
    GArray *fields;      // of HeaderField, topmost first
    gsize body_offset;   // of the first byte after the empty line
    const char *charset; // what raw 8-bit values are in when they are no UTF-8; borrowed; or NULL
} HeaderBlock;

// Reads until an empty line, a line that cannot be a header, or the end. The spans borrow data.
void header_block_scan(HeaderBlock *block, const char *data, gsize length);
void header_block_clear(HeaderBlock *block);

// The first field of this name, without regard to case, or NULL. Borrowed.
const HeaderField *header_block_find(const HeaderBlock *block, const char *name);

// The field's value on one line, trimmed; bytes as they are but for NULs, which go.
char *header_field_unfold(const HeaderField *field) G_GNUC_WARN_UNUSED_RESULT;

// header_field_unfold of the first field of this name, or NULL when there is none. Where the block
// has a charset and the value is no UTF-8, it is converted.
char *header_block_get(const HeaderBlock *block, const char *name) G_GNUC_WARN_UNUSED_RESULT;

// All fields of this name as header_block_get gives them, topmost first, at most maximum. Owns its
// texts.
GPtrArray *header_block_list(const HeaderBlock *block, const char *name,
                             guint maximum) G_GNUC_WARN_UNUSED_RESULT;
