// IMAP responses as data (RFC 3501 9): a reader that is fed bytes and gives whole responses, with
// literals kept apart from text. Strict and bounded: what a server sends beyond the limits or
// against the grammar is an error, never a guess. Pure: no I/O, so it can be fuzzed (reliability.md
// F10, F11).
#pragma once

#include <glib.h>

typedef struct {
    gsize line;     // bytes of one response without its literals
    gsize literal;  // bytes of one literal
    gsize literals; // literals in one response
} ImapLimits;

// 256 KiB, 64 MiB, 64.
extern const ImapLimits imap_limits;

typedef enum {
    IMAP_ATOM,   // also numbers and flags; text
    IMAP_STRING, // quoted or literal; bytes
    IMAP_NIL,
    IMAP_LIST,
} ImapValueType;

typedef struct ImapValue {
    ImapValueType type;
    char *text;        // atom, or a quoted string's contents; NULL for others
    GBytes *bytes;     // a literal's contents; NULL for others
    GPtrArray *values; // of ImapValue; NULL but for lists
} ImapValue;

typedef struct {
    char *tag;         // "*", "+", or ours
    char *status;      // "OK", "NO", "BAD", "BYE", "PREAUTH" in capitals; NULL for data
    char *code;        // what stood in [] of a status, or NULL
    char *text;        // the words of a status or "+"; never NULL
    GPtrArray *values; // of ImapValue: what followed the tag, of data; never NULL
} ImapResponse;

void imap_response_free(ImapResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImapResponse, imap_response_free)

typedef struct ImapReader ImapReader;

// limits NULL: the usual.
ImapReader *imap_reader_new(const ImapLimits *limits) G_GNUC_WARN_UNUSED_RESULT;
void imap_reader_free(ImapReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImapReader, imap_reader_free)

// Where the next bytes may be written, at most *size of them; then tell how many were. Bytes of a
// literal are so received in their place. Call imap_reader_next until it is empty before asking
// again.
void *imap_reader_room(ImapReader *reader, gsize *size);
void imap_reader_advance(ImapReader *reader, gsize length);

// The next whole response, owned; NULL without an error when more bytes are needed. An error
// (upstream "imap_garbage", or too_large "imap_literal_too_large") is final for the stream.
ImapResponse *imap_reader_next(ImapReader *reader, GError **error);

// After imap_literal_too_large: what had come of the response before it, as far as it can be read
// (its UID tells which mail it was), and the size that was declared. Owned, or NULL.
ImapResponse *imap_reader_take_head(ImapReader *reader, gint64 *declared);

// The value as a number, 0 .. 2^63-1; FALSE for all else.
gboolean imap_value_number(const ImapValue *value, gint64 *number);
// The contents of an atom or string as text without NUL, or NULL. Owned.
char *imap_value_dup_text(const ImapValue *value) G_GNUC_WARN_UNUSED_RESULT;
// The value at place, or NULL. Borrowed.
const ImapValue *imap_values_at(const GPtrArray *values, guint at);
// The value is the atom name, without regard to case.
gboolean imap_value_is(const ImapValue *value, const char *name);
