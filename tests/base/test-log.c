#include "base/log.h"

static void test_values_cannot_forge_a_line(void) {
    static const char *const fields[] = {"channel", "12",     "reason", "bad\nlevel=error event=x",
                                         "quote",   "a\"b\\", "empty",  "",
                                         NULL};
    g_autofree char *line = log_format(LOG_WARNING, "fetch_failed", fields);
    g_assert_cmpstr(line, ==,
                    "level=warning event=fetch_failed channel=12"
                    " reason=\"bad\\x0alevel=error event=x\" quote=\"a\\\"b\\\\\" empty=\"\"");
}

static void test_absent_values_are_left_out(void) {
    static const char *const fields[] = {"channel", NULL, NULL};
    g_autofree char *line = log_format(LOG_INFO, "ready", fields);
    g_assert_cmpstr(line, ==, "level=info event=ready");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/log/values-cannot-forge-a-line", test_values_cannot_forge_a_line);
    g_test_add_func("/log/absent-values-are-left-out", test_absent_values_are_left_out);
    return g_test_run();
}
