// Templates: variables, fallbacks, escaping (model/template.h; reliability.md I07).
#include "model/template.h"

#include <string.h>

static GHashTable *make_values(const char *name, const char *value) {
    GHashTable *values = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(values, (gpointer)(guintptr)name, (gpointer)(guintptr)value);
    return values;
}

static void gives(const char *template, TemplateContext context, const char *value,
                  const char *expected) {
    g_autoptr(GHashTable) values = make_values("customer.name", value);
    g_autofree char *text = template_render(template, context, values);
    g_assert_cmpstr(text, ==, expected);
}

static void test_variables_are_filled_in(void) {
    gives("Hello {{customer.name}}!", TEMPLATE_TEXT, "Anna", "Hello Anna!");
    gives("Hello {{ customer.name | there }}!", TEMPLATE_TEXT, "Anna", "Hello Anna!");
    gives("Hello {{customer.name|there}}!", TEMPLATE_TEXT, "", "Hello there!");
    gives("Hello {{customer.name}}!", TEMPLATE_TEXT, NULL, "Hello !");
    gives("{{customer.name}}{{customer.name}}", TEMPLATE_TEXT, "ä", "ää");
    gives("{{conversation.field.colour|none}}", TEMPLATE_TEXT, "x", "none");
    gives("no { variables } here }}", TEMPLATE_TEXT, "x", "no { variables } here }}");
}

static void test_values_are_escaped_for_where_they_stand(void) {
    static const char value[] = "A<b>\"&'\r\nBcc: x@example.org";
    gives("<p>{{customer.name}}</p>", TEMPLATE_HTML, value,
          "<p>A&lt;b&gt;&quot;&amp;&#39;<br>Bcc: x@example.org</p>");
    gives("Re: {{customer.name}}", TEMPLATE_SUBJECT, value, "Re: A<b>\"&' Bcc: x@example.org");
    gives("{{customer.name}}", TEMPLATE_TEXT, value, "A<b>\"&'\nBcc: x@example.org");
    gives("{{customer.name|<i>}}", TEMPLATE_HTML, "", "&lt;i&gt;");
}

static void test_a_value_is_no_template(void) {
    gives("{{customer.name}}", TEMPLATE_TEXT, "{{agent.signature}}", "{{agent.signature}}");
    gives("{{customer.name}}", TEMPLATE_TEXT, "{{customer.name}}", "{{customer.name}}");
    gives("{{{{customer.name}}", TEMPLATE_TEXT, "agent.name}}", "{{agent.name}}");
    gives("{{customer.name}}", TEMPLATE_TEXT, "%s%n%x", "%s%n%x");
}

static void test_a_long_value_is_cut(void) {
    g_autofree char *value = g_strnfill(100000, 'x');
    g_autoptr(GHashTable) values = make_values("customer.name", value);
    g_autofree char *text = template_render("{{customer.name}}", TEMPLATE_TEXT, values);
    g_assert_cmpuint(strlen(text), ==, TEMPLATE_VALUE_MAX);
}

static void test_what_is_no_template_is_refused(void) {
    static const char *const wrong[] = {"{{password}}",
                                        "{{customer.name",
                                        "{{}}",
                                        "{{customer.name | {{x}} }}",
                                        "{{agent.role}}",
                                        "{{conversation.field.}}",
                                        "{{constructor}}",
                                        "{{conversation.field.a b}}",
                                        "{{7*7}}",
                                        "{{customer.field.__proto__.x}}"};
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(template_check("text", wrong[at], TEMPLATE_TEXT, &error));
        g_assert_nonnull(error);
    }
    g_assert_true(
        template_check("text", "{{conversation.field.order_1|-}} }} {", TEMPLATE_TEXT, NULL));
}

static void test_variables_stand_in_no_tag(void) {
    static const char tag[] = "<a href=\"{{customer.name}}\">x</a>";
    g_assert_false(template_check("html", tag, TEMPLATE_HTML, NULL));
    g_assert_true(template_check("html", "<p>{{customer.name}}</p><i>{{agent.name}}</i>",
                                 TEMPLATE_HTML, NULL));
}

static void test_size_and_number_are_bounded(void) {
    g_autofree char *long_text = g_strnfill(TEMPLATE_BYTES_MAX + 1, 'x');
    g_assert_false(template_check("text", long_text, TEMPLATE_TEXT, NULL));
    GString *many = g_string_new(NULL);
    for (int at = 0; at <= TEMPLATE_VARIABLES_MAX; at++)
        g_string_append(many, "{{agent.name}}");
    g_assert_false(template_check("text", many->str, TEMPLATE_TEXT, NULL));
    g_string_free(many, TRUE);
    g_autofree char *braces = g_strnfill(TEMPLATE_BYTES_MAX, '{');
    g_assert_false(template_check("text", braces, TEMPLATE_TEXT, NULL));
    g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree char *same = template_render(braces, TEMPLATE_TEXT, none);
    g_assert_cmpstr(same, ==, braces);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/template/variables-are-filled-in", test_variables_are_filled_in);
    g_test_add_func("/template/I07-values-are-escaped-for-where-they-stand",
                    test_values_are_escaped_for_where_they_stand);
    g_test_add_func("/template/I07-a-value-is-no-template", test_a_value_is_no_template);
    g_test_add_func("/template/a-long-value-is-cut", test_a_long_value_is_cut);
    g_test_add_func("/template/I07-what-is-no-template-is-refused",
                    test_what_is_no_template_is_refused);
    g_test_add_func("/template/I07-variables-stand-in-no-tag", test_variables_stand_in_no_tag);
    g_test_add_func("/template/size-and-number-are-bounded", test_size_and_number_are_bounded);
    return g_test_run();
}
