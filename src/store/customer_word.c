#include "store/customer_word.h"

#include <string.h>

#include "store/search_words.h"

#define WORDS_MAX 200      // of one customer
#define COUNTRY_DIGITS 3   // at most: numbers are found with and without them
#define PHONE_DIGITS_MIN 4 // of a query, to be taken as one number

static gboolean word_take(const char *word, G_GNUC_UNUSED WordKind kind, gpointer data) {
    GHashTable *words = data;
    g_hash_table_add(words, g_strdup(word));
    return g_hash_table_size(words) < WORDS_MAX;
}

static char *digits_of(const char *text) {
    GString *digits = g_string_new(NULL);
    for (; *text != '\0'; text++)
        if (g_ascii_isdigit(*text))
            g_string_append_c(digits, *text);
    return g_string_free(digits, FALSE);
}

static void number_take(GHashTable *words, const char *number) {
    g_autofree char *digits = digits_of(number);
    for (gsize at = 0; at <= COUNTRY_DIGITS && strlen(digits + at) >= PHONE_DIGITS_MIN; at++)
        g_hash_table_add(words, g_strdup(digits + at));
}

static gboolean rows_take(GHashTable *words, DbRows *rows, GError **error) {
    GError *problem = NULL;
    while (db_rows_next(rows, &problem)) {
        const char *text = db_rows_text(rows, 0);
        if (db_rows_int(rows, 1) != 0)
            number_take(words, text);
        else
            search_words_split(text, word_take, words);
    }
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static gboolean words_add(Db *db, Id customer_id, GHashTable *words, GError **error) {
    GHashTableIter iterator;
    gpointer word;
    g_hash_table_iter_init(&iterator, words);
    while (g_hash_table_iter_next(&iterator, &word, NULL))
        if (!db_run(db, "INSERT INTO customer_word (word, customer_id) VALUES ($1, $2)",
                    DB_VALUES(DB_TEXT(word), DB_ID(customer_id)), error))
            return FALSE;
    return TRUE;
}

gboolean customer_word_refresh(Db *db, Id customer_id, GError **error) {
    g_autoptr(GHashTable) words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT name, 0 FROM customer WHERE id = $1 UNION ALL SELECT company.name, 0 FROM customer"
        " JOIN company ON company.id = customer.company_id WHERE customer.id = $1 UNION ALL"
        " SELECT name, 0 FROM identity WHERE customer_id = $1 UNION ALL SELECT address, kind ="
        " 'phone' FROM identity WHERE customer_id = $1",
        DB_VALUES(DB_ID(customer_id)), error);
    if (rows == NULL || !rows_take(words, rows, error))
        return FALSE;
    g_clear_pointer(&rows, db_rows_free);
    return db_run(db, "DELETE FROM customer_word WHERE customer_id = $1",
                  DB_VALUES(DB_ID(customer_id)), error) &&
           words_add(db, customer_id, words, error) &&
           db_run(db, "UPDATE customer SET is_indexed = 1 WHERE id = $1 AND is_indexed = 0",
                  DB_VALUES(DB_ID(customer_id)), error);
}

static GArray *list_behind(Db *db, guint limit, GError **error) {
    return db_query_ids(db, "SELECT id FROM customer WHERE is_indexed = 0 ORDER BY id LIMIT $1",
                        DB_VALUES(DB_INT(limit)), error);
}

gboolean customer_word_catch_up(Db *db, guint limit, GError **error) {
    g_autoptr(GArray) ids = list_behind(db, limit, error);
    for (guint at = 0; ids != NULL && at < ids->len; at++)
        if (!customer_word_refresh(db, g_array_index(ids, Id, at), error))
            return FALSE;
    return ids != NULL;
}

static gboolean query_word_take(const char *word, G_GNUC_UNUSED WordKind kind, gpointer data) {
    GPtrArray *words = data;
    g_ptr_array_add(words, g_strdup(word));
    return words->len < CUSTOMER_QUERY_WORDS_MAX;
}

GPtrArray *customer_word_of_query(const char *text) {
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *digits = digits_of(text);
    gboolean is_number = text[strspn(text, "+0123456789 -()./")] == '\0';
    const char *start = digits + strspn(digits, "0"); // 040... or 00358...
    if (is_number && strlen(start) >= PHONE_DIGITS_MIN)
        g_ptr_array_add(words, g_strdup(start));
    else
        search_words_split(text, query_word_take, words);
    return words;
}

char *customer_word_end(const char *word) {
    return g_strconcat(word, "\xf4\x8f\xbf\xbf", NULL); // U+10FFFF
}
