#include <string.h>

#include "control/control_state.h"

static const char *text(const char *value) {
    return value != NULL ? value : "";
}

static char *usage(const ControlVerb *row) {
    GString *line = g_string_new(row->verb);
    if (row->action != NULL)
        g_string_append_printf(line, " %s", row->action);
    if (row->arguments[0] != '\0')
        g_string_append_printf(line, " %s", row->arguments);
    return g_string_free(line, FALSE);
}

static void print_row(const ControlVerb *row) {
    g_autofree char *line = usage(row);
    printf("  %-44s %s\n", line, row->summary);
}

static void print_all(void) {
    puts("usage: dialogctl [-c FILE] VERB [--json] ...\n"
         "       dialogctl VERB --help\n");
    for (const ControlVerb *const *table = control_verbs; *table != NULL; table++)
        for (const ControlVerb *row = *table; row->verb != NULL; row++)
            print_row(row);
    puts("\nIt talks to the dialogd that runs on the data directory of FILE (" SYSCONFDIR
         "/dialogd.conf),\nor opens that directory itself when none runs. --json prints JSON.");
}

static void print_options(const ControlVerb *row) {
    for (const ControlOption *at = row->options; at != NULL && at->name != NULL; at++) {
        g_autofree char *option = g_strdup_printf("--%s %s", at->name, text(at->value));
        printf("      %-40s %s\n", option, at->help);
    }
}

static void print_verb(const ControlVerb *row) {
    printf("usage: dialogctl [-c FILE] %s [--json] ...\n\n", row->verb);
    for (const char *verb = row->verb; row->verb != NULL && strcmp(row->verb, verb) == 0; row++) {
        print_row(row);
        print_options(row);
    }
}

void control_print_help(const ControlVerb *row) {
    if (row != NULL)
        print_verb(row);
    else
        print_all();
}
