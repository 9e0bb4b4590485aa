// Custom fields: what a definition may be, and the one form of each value.
#include "model/custom_field.h"

static CustomField *field_of(CustomFieldKind kind) {
    CustomField *field = custom_field_new();
    field->object = g_strdup("conversation");
    field->key = g_strdup("order");
    field->label = g_strdup("Order");
    field->kind = kind;
    if (kind == CUSTOM_FIELD_CHOICE)
        json_array_append_new(field->choices, json_string("S"));
    return field;
}

static void test_equal_values_are_equal_texts(void) {
    static const struct {
        CustomFieldKind kind;
        const char *typed;
        const char *written; // NULL: refused
    } cases[] = {
        {CUSTOM_FIELD_NUMBER, "1e2", "100"},
        {CUSTOM_FIELD_NUMBER, "100.0", "100"},
        {CUSTOM_FIELD_NUMBER, "-0.50", "-0.5"},
        {CUSTOM_FIELD_NUMBER, "0.1", "0.1"},
        {CUSTOM_FIELD_NUMBER, "1e400", NULL},
        {CUSTOM_FIELD_NUMBER, "0x10", NULL},
        {CUSTOM_FIELD_NUMBER, "nan", NULL},
        {CUSTOM_FIELD_NUMBER, "", NULL},
        {CUSTOM_FIELD_DATE, "2028-02-29", "2028-02-29"},
        {CUSTOM_FIELD_DATE, "2026-02-29", NULL},
        {CUSTOM_FIELD_DATE, "2026-1-01", NULL},
        {CUSTOM_FIELD_BOOLEAN, "true", "true"},
        {CUSTOM_FIELD_BOOLEAN, "1", NULL},
        {CUSTOM_FIELD_CHOICE, "S", "S"},
        {CUSTOM_FIELD_CHOICE, "s", NULL},
        {CUSTOM_FIELD_URL, "https://example.org/a?b=c", "https://example.org/a?b=c"},
        {CUSTOM_FIELD_URL, "https://", NULL},
        {CUSTOM_FIELD_URL, "javascript:alert(1)", NULL},
        {CUSTOM_FIELD_TEXT, "Åbo", "Åbo"},
        {CUSTOM_FIELD_TEXT, "a\nb", NULL},
        {CUSTOM_FIELD_TEXT, "\xff", NULL},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autoptr(CustomField) field = field_of(cases[at].kind);
        g_autofree char *text = custom_field_read_text(field, cases[at].typed, NULL);
        g_assert_cmpstr(text, ==, cases[at].written);
    }
}

static void test_json_goes_in_and_comes_out_the_same(void) {
    static const struct {
        CustomFieldKind kind;
        const char *json;
    } cases[] = {{CUSTOM_FIELD_NUMBER, "[7]"},      {CUSTOM_FIELD_NUMBER, "[12.5]"},
                 {CUSTOM_FIELD_BOOLEAN, "[false]"}, {CUSTOM_FIELD_TEXT, "[\"x\"]"},
                 {CUSTOM_FIELD_CHOICE, "[\"S\"]"},  {CUSTOM_FIELD_DATE, "[\"2026-11-24\"]"}};
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autoptr(CustomField) field = field_of(cases[at].kind);
        json_t *list = json_loads(cases[at].json, 0, NULL);
        g_autofree char *text = custom_field_read(field, json_array_get(list, 0), NULL);
        g_assert_nonnull(text);
        json_t *again = custom_field_value(field->kind, text);
        g_assert_true(json_equal(again, json_array_get(list, 0)));
        json_decref(again);
        json_decref(list);
    }
}

static void test_a_definition_says_what_is_wrong_with_it(void) {
    g_autoptr(CustomField) field = field_of(CUSTOM_FIELD_TEXT);
    g_assert_true(custom_field_check(field, NULL));
    json_array_append_new(field->choices, json_string("S"));
    g_assert_false(custom_field_check(field, NULL));
    field->kind = CUSTOM_FIELD_CHOICE;
    g_assert_true(custom_field_check(field, NULL));
    json_array_append_new(field->choices, json_string("S"));
    g_assert_false(custom_field_check(field, NULL));
    g_autoptr(CustomField) other = field_of(CUSTOM_FIELD_TEXT);
    static const char *const keys[] = {"", "Order", "1st", "a-b", "a b"};
    for (gsize at = 0; at < G_N_ELEMENTS(keys); at++) {
        g_free(other->key);
        other->key = g_strdup(keys[at]);
        g_assert_false(custom_field_check(other, NULL));
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/custom-field/equal-values-are-equal-texts",
                    test_equal_values_are_equal_texts);
    g_test_add_func("/custom-field/json-goes-in-and-comes-out-the-same",
                    test_json_goes_in_and_comes_out_the_same);
    g_test_add_func("/custom-field/a-definition-says-what-is-wrong-with-it",
                    test_a_definition_says_what_is_wrong_with_it);
    return g_test_run();
}
