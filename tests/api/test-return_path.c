// O05: where a browser may be led.
#include "api/return_path.h"

static void test_only_paths_of_ours(void) {
    static const char *const own[] = {"/", "/inbox", "/inbox/1?view=open#m2", "/a%20b", "/%C3%A4"};
    static const char *const foreign[] = {"",
                                          "inbox",
                                          "//evil.example",
                                          "/\\evil.example",
                                          "\\evil.example",
                                          "https://evil.example",
                                          "javascript:alert(1)",
                                          "/%2Fevil.example",
                                          "/%5Cevil.example",
                                          "/%5c%5cevil.example",
                                          "/x%0d%0aLocation:%20//evil",
                                          "/%0d",
                                          "/%09/evil.example",
                                          "/\t/evil.example",
                                          "/%252Fevil",
                                          "/%250d",
                                          "/x\\y",
                                          "/ //evil",
                                          "/%00",
                                          "/\xc3\xa4",
                                          "@evil.example"};
    for (gsize at = 0; at < G_N_ELEMENTS(own); at++)
        g_assert_true(return_path_is_own(own[at]));
    for (gsize at = 0; at < G_N_ELEMENTS(foreign); at++) {
        g_test_message("%s", foreign[at]);
        g_assert_false(return_path_is_own(foreign[at]));
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/return-path/O05: only paths of ours", test_only_paths_of_ours);
    return g_test_run();
}
