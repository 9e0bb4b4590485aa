// The command line: dialogctl [-c FILE] VERB [ACTION] [--option VALUE] [ARGUMENT...].
#include <string.h>

#include "base/error.h"
#include "control/control_state.h"

#define CONFIG_FILE SYSCONFDIR "/dialogd.conf"

static const ControlVerb *find_row(const char *verb, const char *action, gboolean *knows_verb) {
    for (const ControlVerb *const *table = control_verbs; *table != NULL; table++)
        for (const ControlVerb *row = *table; row->verb != NULL; row++) {
            if (strcmp(row->verb, verb) != 0)
                continue;
            *knows_verb = TRUE;
            if (row->action == NULL || (action != NULL && strcmp(row->action, action) == 0))
                return row;
        }
    return NULL;
}

static const ControlVerb *first_row(const char *verb) {
    for (const ControlVerb *const *table = control_verbs; *table != NULL; table++)
        for (const ControlVerb *row = *table; row->verb != NULL; row++)
            if (strcmp(row->verb, verb) == 0)
                return row;
    return NULL;
}

static const ControlOption *find_option(const ControlVerb *row, const char *name, gsize length) {
    for (const ControlOption *at = row->options; at != NULL && at->name != NULL; at++)
        if (strlen(at->name) == length && strncmp(at->name, name, length) == 0)
            return at;
    return NULL;
}

// --name VALUE, --name=VALUE or --flag at argv[*at].
static gboolean read_option(Control *control, int argc, char **argv, int *at, GError **error) {
    const char *word = argv[*at] + 2;
    gsize length = strcspn(word, "=");
    const ControlOption *option = find_option(control->verb, word, length);
    if (option == NULL) {
        error_set(error, ERROR_INVALID, "option_unknown",
                  "%s takes no option --%.*s; see dialogctl %s --help", control->verb->verb,
                  (int)length, word, control->verb->verb);
        return FALSE;
    }
    const char *value = word[length] == '=' ? word + length + 1 : NULL;
    if (option->value == NULL)
        value = value == NULL ? "" : NULL;
    else if (value == NULL && *at + 1 < argc)
        value = argv[++*at];
    if (value == NULL) {
        error_set(error, ERROR_INVALID, "option_value", "--%s takes %s", option->name,
                  option->value != NULL ? option->value : "no value");
        return FALSE;
    }
    g_ptr_array_add(control->option_rows, (gpointer)(guintptr)option->name);
    g_ptr_array_add(control->option_rows, (gpointer)(guintptr)value);
    return TRUE;
}

static gboolean read_words(Control *control, int argc, char **argv, int at, GError **error) {
    gboolean only_arguments = FALSE;
    for (; at < argc; at++) {
        if (only_arguments || argv[at][0] != '-' || argv[at][1] == '\0')
            g_ptr_array_add(control->arguments, argv[at]);
        else if (strcmp(argv[at], "--") == 0)
            only_arguments = TRUE;
        else if (strcmp(argv[at], "--json") == 0)
            control->is_json = TRUE;
        else if (strncmp(argv[at], "--", 2) != 0) {
            error_set(error, ERROR_INVALID, "option_unknown", "there is no option %s", argv[at]);
            return FALSE;
        } else if (!read_option(control, argc, argv, &at, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean check_count(const Control *control, GError **error) {
    g_auto(GStrv) words = g_strsplit(control->verb->arguments, " ", -1);
    guint low = 0;
    guint high = 0;
    for (guint at = 0; words[at] != NULL && words[at][0] != '\0'; at++) {
        low += words[at][0] != '[';
        high = strstr(words[at], "...") != NULL ? G_MAXUINT : high + 1;
    }
    if (control->arguments->len >= low && control->arguments->len <= high)
        return TRUE;
    error_set(error, ERROR_INVALID, "arguments_wrong", "type: dialogctl %s%s%s %s",
              control->verb->verb, control->verb->action != NULL ? " " : "",
              control->verb->action != NULL ? control->verb->action : "", control->verb->arguments);
    return FALSE;
}

static gboolean find_verb(Control *control, int argc, char **argv, int *at, GError **error) {
    const char *action = *at + 1 < argc ? argv[*at + 1] : NULL;
    gboolean knows_verb = FALSE;
    control->verb = find_row(argv[*at], action, &knows_verb);
    if (control->verb != NULL) {
        *at += control->verb->action != NULL ? 2 : 1;
        return TRUE;
    }
    if (knows_verb)
        error_set(error, ERROR_INVALID, "action_unknown",
                  "say what to do with %s: see dialogctl %s --help", argv[*at], argv[*at]);
    else
        error_set(error, ERROR_INVALID, "verb_unknown",
                  "there is no verb \"%.40s\": see dialogctl --help", argv[*at]);
    return FALSE;
}

static gboolean asks_for_help(int argc, char **argv) {
    for (int at = 1; at < argc && strcmp(argv[at], "--") != 0; at++)
        if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0)
            return TRUE;
    return FALSE;
}

// -c FILE and --json before the verb. Gives the verb's place.
static int read_before_verb(Control *control, int argc, char **argv) {
    int at = 1;
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "-c") == 0 && at + 1 < argc) {
            g_free(control->config_file);
            control->config_file = g_strdup(argv[++at]);
        } else if (strcmp(argv[at], "--json") == 0) {
            control->is_json = TRUE;
        }
    }
    return at;
}

gboolean control_read(Control *control, int argc, char **argv, GError **error) {
    control->config_file = g_strdup(CONFIG_FILE);
    int at = read_before_verb(control, argc, argv);
    if (at >= argc || asks_for_help(argc, argv)) {
        control_print_help(at < argc ? first_row(argv[at]) : NULL);
        control->verb = NULL;
        return TRUE;
    }
    return find_verb(control, argc, argv, &at, error) &&
           read_words(control, argc, argv, at, error) && check_count(control, error);
}

const char *control_argument(const Control *control, guint at) {
    return at < control->arguments->len ? control->arguments->pdata[at] : NULL;
}

const char *control_option(const Control *control, const char *name) {
    const char *value = NULL;
    for (guint at = 0; at < control->option_rows->len; at += 2)
        if (strcmp(control->option_rows->pdata[at], name) == 0)
            value = control->option_rows->pdata[at + 1];
    return value;
}

const char *const *control_options(const Control *control, const char *name) {
    GPtrArray *values = g_ptr_array_new();
    for (guint at = 0; at < control->option_rows->len; at += 2)
        if (strcmp(control->option_rows->pdata[at], name) == 0)
            g_ptr_array_add(values, control->option_rows->pdata[at + 1]);
    g_ptr_array_add(values, NULL);
    g_ptr_array_add(control->lists, values);
    return (const char *const *)values->pdata;
}

gboolean control_flag(const Control *control, const char *name) {
    return control_option(control, name) != NULL;
}

gboolean control_is_json(const Control *control) {
    return control->is_json;
}

const char *control_config_file(const Control *control) {
    return control->config_file;
}
