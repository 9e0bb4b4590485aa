#include "base/error.h"
#include "model/incoming.h"

static const char complete[] =
    "{\"type\": \"message\", \"event_key\": \"e\", \"message_key\": \"m\", \"is_outbound\": true,"
    " \"from\": {\"address\": \"a@b\", \"name\": \"A\"}, \"occurred_at\": 5, \"subject\": \"s\","
    " \"text\": \"t\", \"new_text\": \"n\", \"html\": \"<p>h</p>\","
    " \"attachments\": [{\"name\": \"f.txt\", \"type\": \"text/plain\", \"size\": 3}],"
    " \"extra\": {\"location\": [1, 2]},"
    " \"mail\": {\"class\": \"bounce\", \"message_id\": \"1@b\", \"in_reply_to\": [\"0@b\"],"
    " \"to\": [{\"address\": \"c@d\"}], \"is_automatic\": true, \"subject\": \"s\","
    " \"reports\": [{\"recipient\": \"x@y\", \"action\": \"failed\"}],"
    " \"authentication\": [\"mx; dmarc=pass\"]}}";

static void test_everything_survives_the_way_there_and_back(void) {
    json_t *given = json_loads(complete, 0, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Incoming) incoming = incoming_from_json(given, &error);
    g_assert_no_error(error);
    json_t *again = incoming_to_json(incoming);
    g_autofree char *text = json_dumps(again, JSON_SORT_KEYS);
    g_autofree char *expected = json_dumps(given, JSON_SORT_KEYS);
    g_assert_cmpstr(text, ==, expected);
    json_decref(given);
    json_decref(again);
}

static void test_wrong_types_are_refused(void) {
    static const char *const wrong[] = {
        "[]",
        "{}",
        "{\"type\": \"telepathy\"}",
        "{\"type\": \"message\", \"text\": 5}",
        "{\"type\": \"message\", \"from\": {}}",
        "{\"type\": \"message\", \"attachments\": [{}]}",
        "{\"type\": \"message\", \"occurred_at\": \"now\"}",
        "{\"type\": \"message\", \"mail\": {\"class\": \"x\"}}",
        "{\"type\": \"message\", \"mail\": {\"class\": \"ordinary\", \"references\": [1]}}",
        "{\"type\": \"message\", \"mail\": {\"class\": \"bounce\", \"reports\": [{}]}}",
    };
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++) {
        g_autoptr(GError) error = NULL;
        json_t *json = json_loads(wrong[at], 0, NULL);
        g_assert_null(incoming_from_json(json, &error));
        g_assert_cmpstr(error_code(error), ==, "incoming_invalid");
        json_decref(json);
    }
}

static void test_attachment_names_are_cleaned(void) {
    static const char *const cases[][2] = {
        {"../../etc/passwd", "passwd"},
        {"C:\\temp\\a.doc", "a.doc"},
        {"a\r\nb.txt", "ab.txt"},
        {".htaccess", "htaccess"},
        {"cod\xe2\x80\xae"
         "gpj.exe",
         "codgpj.exe"},
        {"  x  ", "x"},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autofree char *name = attachment_name_clean(cases[at][0]);
        g_assert_cmpstr(name, ==, cases[at][1]);
    }
    g_assert_null(attachment_name_clean("../"));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/incoming/everything-survives-the-way-there-and-back",
                    test_everything_survives_the_way_there_and_back);
    g_test_add_func("/incoming/wrong-types-are-refused", test_wrong_types_are_refused);
    g_test_add_func("/incoming/attachment-names-are-cleaned", test_attachment_names_are_cleaned);
    return g_test_run();
}
