// A full export made into a new data directory: all of it, or nothing. The database is filled
// beside its place and gets its name when every line and every reference is good. Used by
// desk/exchange_import.c. Nothing may run on the directory meanwhile.
#pragma once

#include "store/db_open.h"
#include "store/exchange_write.h"

// What is made of the rows before the database is opened to others. Not within a transaction.
typedef gboolean (*ExchangeFinish)(Db *db, GError **error);

// Reads fd to its end. Errors: invalid (a line, named by its number), conflict (the directory holds
// a database; another schema), unavailable.
gboolean exchange_load(const char *directory, int fd, ExchangeFinish finish, ExchangeFacts *facts,
                       GError **error);
