#include "model/base_subject.h"

#include <jansson.h>

typedef struct {
    const char *subject;
    const char *base;
    gboolean is_marked;
} Case;

static const Case cases[] = {
    {"", "", FALSE},
    {"Order 4711", "Order 4711", FALSE},
    {"Re: Order 4711", "Order 4711", TRUE},
    {"RE: re : Fwd: Order 4711", "Order 4711", TRUE},
    {"Re[2]: Order", "Order", TRUE},
    {"Re (3): Order", "Order", TRUE},
    {"[shop] Re: Order", "Order", TRUE},
    {"Re: [shop] Order", "[shop] Order", TRUE},
    {"Order (fwd) (fwd) ", "Order", TRUE},
    {"[fwd: Re: Order]", "Order", TRUE},
    {"VS: Tilaus", "Tilaus", TRUE},
    {"SV: Beställning", "Beställning", TRUE},
    {"AW: AW: Bestellung", "Bestellung", TRUE},
    {"Re： 注文", "注文", TRUE},
    {"  Order \t 4711\r\n now ", "Order 4711 now", FALSE},
    {"Refund: my order", "Refund: my order", FALSE},
    {"Regarding: x", "Regarding: x", FALSE},
    {"Re", "Re", FALSE},
    {"[]", "[]", FALSE},
    {"[fwd:]", "", TRUE},
    {"re:re:re:", "", TRUE},
};

static void test_marks_are_cut_and_nothing_else(void) {
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        gboolean is_marked;
        g_autofree char *base = base_subject(cases[at].subject, &is_marked);
        g_assert_cmpstr(base, ==, cases[at].base);
        g_assert_cmpint(is_marked, ==, cases[at].is_marked);
    }
}

static void check_row(const char *line) {
    json_t *row = json_loads(line, 0, NULL);
    const char *expected = json_string_value(json_object_get(row, "base"));
    gboolean is_marked;
    g_autofree char *base =
        base_subject(json_string_value(json_object_get(row, "subject")), &is_marked);
    g_assert_cmpstr(base, ==, expected);
    g_assert_cmpint(is_marked, ==, json_is_true(json_object_get(row, "reply_or_forward")));
    json_decref(row);
}

static void test_the_public_vectors_agree(void) {
    const char *shared = g_getenv("SHARED_DATA");
    g_autofree char *path = g_build_filename(shared != NULL ? shared : "/nonexistent", "data",
                                             "expect", "base-subject.jsonl", NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        g_test_skip("no shared test data beside the tree");
        return;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL && **line != '\0'; line++)
        check_row(*line);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base-subject/marks-are-cut-and-nothing-else",
                    test_marks_are_cut_and_nothing_else);
    g_test_add_func("/base-subject/the-public-vectors-agree", test_the_public_vectors_agree);
    return g_test_run();
}
