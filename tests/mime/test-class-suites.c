// Classes and failed recipients against the bounces and ordinary mails of public test suites.
// MAIL_CORPORA_VERBOSE=1 names every disagreement.
#include <string.h>

#include "mime/mail_decode.h"
#include "tests/shared_rows.h"

#define BOUNCES_MINIMUM 0.97
#define RECIPIENTS_MINIMUM 0.95

static Incoming *decode_row(const json_t *row) {
    g_autofree char *path = g_strconcat("corpora/", row_text(row, "file"), NULL);
    gsize length;
    char *bytes = shared_file_read(path, &length);
    g_assert_nonnull(bytes);
    g_autoptr(GBytes) raw = g_bytes_new_take(bytes, length);
    Incoming *incoming = mail_decode(raw, NULL);
    g_assert_nonnull(incoming);
    return incoming;
}

static void tell(const json_t *row, const char *expected, const char *found) {
    if (g_getenv("MAIL_CORPORA_VERBOSE") != NULL)
        g_test_message("%s: expected %s, found %s", row_text(row, "file"), expected, found);
}

typedef struct {
    guint bounces, bounces_found;
    guint reports, reports_found;
    guint automatic, automatic_found;
    guint ordinary, ordinary_lost;
} Tally;

static void tally_row(Tally *tally, const json_t *row) {
    g_autoptr(Incoming) incoming = decode_row(row);
    const char *expected = row_text(row, "class");
    MailClass class = incoming->mail->class;
    gboolean is_right;
    if (strcmp(expected, "bounce") == 0) {
        tally->bounces++;
        is_right = class == MAIL_BOUNCE;
        tally->bounces_found += is_right ? 1 : 0;
    } else if (strcmp(expected, "feedback-report") == 0) {
        tally->reports++;
        is_right = class == MAIL_FEEDBACK_REPORT;
        tally->reports_found += is_right ? 1 : 0;
    } else if (strcmp(expected, "auto-reply") == 0) {
        tally->automatic++;
        is_right = class == MAIL_AUTO_REPLY && incoming->is_automatic;
        tally->automatic_found += is_right ? 1 : 0;
    } else {
        gboolean is_customer = strcmp(expected, "customer") == 0;
        is_right = class != MAIL_BOUNCE && !(is_customer && incoming->is_automatic);
        tally->ordinary++;
        tally->ordinary_lost += is_right ? 0 : 1;
    }
    if (!is_right)
        tell(row, expected, mail_class_name(class));
}

static void test_classes(void) {
    json_t *rows = shared_rows_read("message-class");
    if (rows == NULL)
        return;
    Tally tally = {0};
    for (gsize at = 0; at < json_array_size(rows); at++)
        tally_row(&tally, json_array_get(rows, at));
    g_test_message("bounces %u/%u, feedback reports %u/%u, auto-replies %u/%u, ordinary taken for "
                   "automatic %u/%u",
                   tally.bounces_found, tally.bounces, tally.reports_found, tally.reports,
                   tally.automatic_found, tally.automatic, tally.ordinary_lost, tally.ordinary);
    g_assert_cmpfloat(tally.bounces_found, >=, BOUNCES_MINIMUM * tally.bounces);
    g_assert_cmpuint(tally.reports_found, ==, tally.reports);
    g_assert_cmpuint(tally.automatic_found, ==, tally.automatic);
    g_assert_cmpuint(tally.ordinary_lost, ==, 0);
    json_decref(rows);
}

static int text_compare(gconstpointer a, gconstpointer b) {
    return g_ascii_strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

static char *joined(GPtrArray *texts) {
    g_ptr_array_sort(texts, text_compare);
    g_ptr_array_add(texts, NULL);
    g_autofree char *text = g_strjoinv(" ", (char **)texts->pdata);
    return g_ascii_strdown(text, -1);
}

static char *recipients_found(const Incoming *incoming) {
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    for (guint at = 0; at < incoming->mail->reports->len; at++) {
        MailReport *report = incoming->mail->reports->pdata[at];
        if (strcmp(report->action, "failed") == 0 || strcmp(report->action, "delayed") == 0)
            g_ptr_array_add(texts, report->recipient);
    }
    return joined(texts);
}

static char *recipients_expected(const json_t *row) {
    const json_t *list = json_object_get(row, "failed_addresses");
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    for (gsize at = 0; at < json_array_size(list); at++)
        g_ptr_array_add(texts, (gpointer)(guintptr)json_string_value(json_array_get(list, at)));
    return joined(texts);
}

static void test_failed_recipients(void) {
    json_t *rows = shared_rows_read("flufl-bounce");
    if (rows == NULL)
        return;
    guint judged = 0, right = 0, actions = 0;
    for (gsize at = 0; at < json_array_size(rows); at++) {
        const json_t *row = json_array_get(rows, at);
        g_autoptr(Incoming) incoming = decode_row(row);
        g_autofree char *expected = recipients_expected(row);
        g_autofree char *found = recipients_found(incoming);
        if (expected[0] == '\0')
            continue;
        judged++;
        right += strcmp(expected, found) == 0 ? 1 : 0;
        if (strcmp(expected, found) != 0)
            tell(row, expected, found);
        gboolean is_delay = json_is_true(json_object_get(row, "temporary"));
        const MailReport *first =
            incoming->mail->reports->len > 0 ? incoming->mail->reports->pdata[0] : NULL;
        gboolean told_delay = first != NULL && strcmp(first->action, "delayed") == 0;
        actions += is_delay == told_delay ? 1 : 0;
        if (is_delay != told_delay)
            tell(row, is_delay ? "delayed" : "failed", first != NULL ? first->action : "none");
    }
    g_test_message("failed recipients exactly %u/%u, failed or delayed %u/%u", right, judged,
                   actions, judged);
    g_assert_cmpfloat(right, >=, RECIPIENTS_MINIMUM * judged);
    json_decref(rows);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/class-suites/bounces are found and nobody's mail is taken for one",
                    test_classes);
    g_test_add_func("/class-suites/failed recipients are named", test_failed_recipients);
    return g_test_run();
}
