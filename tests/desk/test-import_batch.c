#include <string.h>

#include "base/error.h"
#include "desk/import_batch.h"

static GBytes *text(const char *text) {
    return g_bytes_new_static(text, strlen(text));
}

static void test_mails_go_there_and_back(void) {
    GByteArray *batch = g_byte_array_new();
    g_autoptr(GBytes) one = text("a\nb"), two = text("c");
    import_batch_add(batch, one, INSTANT_NONE);
    import_batch_add(batch, two, -5);
    g_autoptr(GBytes) body = g_byte_array_free_to_bytes(batch);
    g_autoptr(GPtrArray) mails = import_batch_decode(body, NULL);
    g_assert_cmpuint(mails->len, ==, 2);
    const ImportMail *first = mails->pdata[0], *second = mails->pdata[1];
    g_assert_true(g_bytes_equal(first->bytes, one));
    g_assert_cmpint(first->arrived_at, ==, INSTANT_NONE);
    g_assert_true(g_bytes_equal(second->bytes, two));
    g_assert_cmpint(second->arrived_at, ==, -5);
}

static void test_wrong_frames_are_refused(void) {
    static const char *const wrong[] = {"3 -\nab",  "-1 -\na", "a",
                                        "1 x\na",   "1\na",    "0 -\n",
                                        "1 - -\na", "1 -\nab", "99999999999999999999 -\na",
                                        "\n1 -\na", " 1 -\na"};
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) body = text(wrong[at]);
        g_assert_null(import_batch_decode(body, &error));
        g_assert_cmpstr(error_code(error), ==, "import_frame");
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/import_batch/mails-go-there-and-back", test_mails_go_there_and_back);
    g_test_add_func("/import_batch/wrong-frames-are-refused", test_wrong_frames_are_refused);
    return g_test_run();
}
