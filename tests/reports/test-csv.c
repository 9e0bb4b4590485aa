// CSV by RFC 4180, with formulas defused.
#include "reports/csv.h"

#include "model/wait.h"

static void test_cells_are_quoted_where_needed(void) {
    g_autoptr(GString) csv = g_string_new(NULL);
    csv_add_text(csv, "plain");
    csv_add_text(csv, "a,b");
    csv_add_text(csv, "say \"hi\"");
    csv_add_text(csv, "two\r\nlines");
    csv_add_text(csv, "Päivi");
    csv_end_line(csv);
    g_assert_cmpstr(csv->str, ==, "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",Päivi\r\n");
}

static void test_formulas_are_defused(void) {
    static const char *const formulas[] = {"=cmd|' /C calc'!A0", "+1",  "-1",
                                           "@SUM(A1)",           "\tx", "\rx"};
    for (gsize at = 0; at < G_N_ELEMENTS(formulas); at++) {
        g_autoptr(GString) csv = g_string_new(NULL);
        csv_add_text(csv, formulas[at]);
        const char *cell = csv->str[0] == '"' ? csv->str + 1 : csv->str;
        g_assert_cmpint(*cell, ==, '\'');
    }
}

static void test_empty_cells_keep_their_place(void) {
    g_autoptr(GString) csv = g_string_new(NULL);
    csv_add_text(csv, NULL);
    csv_add_id(csv, 0);
    csv_add_duration(csv, DURATION_NONE);
    csv_add_instant(csv, INSTANT_NONE);
    csv_add_int(csv, -7);
    csv_end_line(csv);
    g_assert_cmpstr(csv->str, ==, "\"\",\"\",\"\",\"\",-7\r\n");
}

static void test_durations_are_seconds_with_three_decimals(void) {
    static const struct {
        gint64 ms;
        const char *text;
    } cases[] = {{0, "0.000"}, {5, "0.005"}, {3599999, "3599.999"}, {-1500, "-1.500"}};
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autofree char *text = csv_duration_text(cases[at].ms);
        g_assert_cmpstr(text, ==, cases[at].text);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csv/cells-are-quoted-where-needed", test_cells_are_quoted_where_needed);
    g_test_add_func("/csv/formulas-are-defused", test_formulas_are_defused);
    g_test_add_func("/csv/empty-cells-keep-their-place", test_empty_cells_keep_their_place);
    g_test_add_func("/csv/24-durations-are-seconds-with-three-decimals",
                    test_durations_are_seconds_with_three_decimals);
    return g_test_run();
}
