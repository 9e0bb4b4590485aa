#include "control/import_files.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"

#define DEPTH_MAX 8
#define VALUE_BYTES_MAX ((gsize)256 << 20)

typedef struct {
    FILE *file;
    gsize left; // bytes that the present value may still have
} Source;

static size_t read_some(void *buffer, size_t length, void *data) {
    Source *source = data;
    // A byte at a time would be slow, a block at once would swallow the next value: a line.
    if (source->left == 0 || length == 0 || fgets(buffer, (int)length, source->file) == NULL)
        return 0;
    size_t got = strlen(buffer);
    source->left -= MIN(source->left, got);
    return got;
}

// "comments-35.json" -> "35".
static char *number_of(const char *path) {
    g_autofree char *name = g_path_get_basename(path);
    const char *end = name + strlen(name);
    while (end > name && !g_ascii_isdigit(end[-1]))
        end--;
    const char *start = end;
    while (start > name && g_ascii_isdigit(start[-1]))
        start--;
    return end > start ? g_strndup(start, (gsize)(end - start)) : NULL;
}

static void report(const ImportReader *reader, const char *path, long place,
                   const json_error_t *problem) {
    g_autofree char *line =
        g_strdup_printf("%s: after byte %ld: %s: what follows in this file is left out", path,
                        place + problem->position, problem->text);
    reader->problem(reader->data, line);
}

static gboolean is_at_end(FILE *file) {
    int c;
    while ((c = getc(file)) != EOF && g_ascii_isspace(c))
        ;
    if (c != EOF)
        ungetc(c, file);
    return c == EOF;
}

static gboolean read_values(FILE *file, const char *path, const ImportReader *reader,
                            GError **error) {
    g_autofree char *number = number_of(path);
    while (!is_at_end(file)) {
        json_error_t problem;
        long place = ftell(file);
        Source source = {file, VALUE_BYTES_MAX};
        json_t *value = json_load_callback(read_some, &source, JSON_DISABLE_EOF_CHECK, &problem);
        if (value == NULL) {
            report(reader, path, place, &problem);
            return TRUE;
        }
        fseek(file, place + problem.position, SEEK_SET);
        gboolean is_good = reader->value(reader->data, value, number, error);
        json_decref(value);
        if (!is_good)
            return FALSE;
    }
    return TRUE;
}

static gboolean read_file(const char *path, const ImportReader *reader, GError **error) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        error_set(error, ERROR_NOT_FOUND, "import_unreadable", "%s cannot be read: %s", path,
                  g_strerror(errno));
        return FALSE;
    }
    gboolean is_good = read_values(file, path, reader, error);
    fclose(file);
    return is_good;
}

static gint compare_names(gconstpointer a, gconstpointer b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static gboolean is_wanted(const char *path) {
    static const char *const endings[] = {".json", ".jsonl", ".ndjson"};
    for (gsize at = 0; at < G_N_ELEMENTS(endings); at++)
        if (g_str_has_suffix(path, endings[at]))
            return TRUE;
    return FALSE;
}

static GPtrArray *list_directory(const char *path, GError **error) {
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    if (directory == NULL) {
        error_set(error, ERROR_NOT_FOUND, "import_unreadable", "%s cannot be read: %s", path,
                  g_strerror(errno));
        return NULL;
    }
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(directory)) != NULL;)
        if (name[0] != '.' && strcmp(name, "attachments") != 0)
            g_ptr_array_add(paths, g_build_filename(path, name, NULL));
    g_ptr_array_sort(paths, compare_names);
    return paths;
}

static gboolean read_directory(const char *path, const ImportReader *reader, guint depth,
                               GError **error) {
    g_autoptr(GPtrArray) paths = list_directory(path, error);
    if (paths == NULL)
        return FALSE;
    for (guint at = 0; at < paths->len; at++) {
        const char *inner = paths->pdata[at];
        gboolean is_directory = g_file_test(inner, G_FILE_TEST_IS_DIR);
        gboolean is_good = TRUE;
        if (is_directory && depth < DEPTH_MAX)
            is_good = read_directory(inner, reader, depth + 1, error);
        else if (!is_directory && is_wanted(inner))
            is_good = read_file(inner, reader, error);
        if (!is_good)
            return FALSE;
    }
    return TRUE;
}

gboolean import_files_read(const char *path, const ImportReader *reader, GError **error) {
    return g_file_test(path, G_FILE_TEST_IS_DIR) ? read_directory(path, reader, 0, error)
                                                 : read_file(path, reader, error);
}
