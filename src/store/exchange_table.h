// Which tables the full export writes, and how: one row a table, in an order in which each stands
// after those it names. Used by exchange_write.c and exchange_load.c. tests/store/test-exchange.c
// holds the rows against the schema: a new table or column has its place here, or says why not.
#pragma once

#include <glib.h>

typedef enum {
    EXCHANGE_TEXT,
    EXCHANGE_INT,
    EXCHANGE_ID,      // decimal digits as text
    EXCHANGE_INSTANT, // ISO 8601
    EXCHANGE_HEX,     // bytes
    EXCHANGE_BASE64,  // bytes
    EXCHANGE_BLOB,    // the plain bytes of a blob as base64, wherever they are kept
} ExchangeKind;

typedef struct {
    const char *name;
    ExchangeKind kind;
} ExchangeColumn;

typedef struct {
    const char *name; // of the table; what its lines bear as "record"
    // "id name limit:int": names with their kinds. Without one, "id" and "..._id" are ids, "..._at"
    // instants, "...sha256" bytes in hex, and all else is text. NULL: the table is not exported.
    const char *columns;
    const char *order;    // its primary key
    const char *left_out; // columns that no line bears, "" for none
    const char *where;    // NULL: all rows
    const char *because;  // why something is left out; for people, NULL where nothing is
} ExchangeTable;

// Ends with a NULL name.
extern const ExchangeTable exchange_tables[];

// Owned list of ExchangeColumn; the names live as long as the process.
GArray *exchange_columns(const ExchangeTable *table) G_GNUC_WARN_UNUSED_RESULT;
