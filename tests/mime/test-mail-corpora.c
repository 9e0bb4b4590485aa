// The decoder against mails of public test suites and what four independent parsers, or the suites'
// authors, say they hold. Prints the agreement of each field; MAIL_CORPORA_VERBOSE=1 names every
// disagreement.
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "mime/mail_decode.h"

#define AGREEMENT_MINIMUM 0.98

typedef struct {
    const char *name;
    guint agreed;
    guint judged;
} Field;

enum {
    FROM,
    FROM_NAME,
    TO,
    TO_NAME,
    SUBJECT,
    MESSAGE_ID,
    IN_REPLY_TO,
    DATE,
    ATTACHMENT_COUNT,
    ATTACHMENT_NAME,
    ATTACHMENT_TYPE,
    ATTACHMENT_BYTES,
    BODY,
    LEAF,
    FIELDS
};

typedef struct {
    Field fields[FIELDS];
    const char *file;
    const json_t *row;
    const Incoming *incoming;
} Judge;

static const Field fields_empty[FIELDS] = {
    {"from", 0, 0},
    {"from_name", 0, 0},
    {"to", 0, 0},
    {"to_name", 0, 0},
    {"subject", 0, 0},
    {"message_id", 0, 0},
    {"in_reply_to", 0, 0},
    {"date", 0, 0},
    {"attachment_count", 0, 0},
    {"attachment_name", 0, 0},
    {"attachment_type", 0, 0},
    {"attachment_bytes", 0, 0},
    {"body", 0, 0},
    {"leaf", 0, 0},
};

static const char *data_directory(void) {
    static char *path;
    const char *shared = g_getenv("SHARED_DATA");
    if (path == NULL && shared != NULL)
        path = g_build_filename(shared, "data", NULL);
    return path != NULL && g_file_test(path, G_FILE_TEST_IS_DIR) ? path : NULL;
}

static void judge(Judge *judge, int field, gboolean is_right, const char *expected,
                  const char *found) {
    judge->fields[field].judged++;
    judge->fields[field].agreed += is_right ? 1 : 0;
    if (!is_right && g_getenv("MAIL_CORPORA_VERBOSE") != NULL)
        g_test_message("%s: %s: expected \"%s\", found \"%.300s\"", judge->fields[field].name,
                       judge->file, expected, found != NULL ? found : "(none)");
}

static gboolean is_disputed(const json_t *row, const char *name) {
    static const char *const lists[] = {"disputed", "house_rule"};
    for (gsize at = 0; at < G_N_ELEMENTS(lists); at++) {
        const json_t *list = json_object_get(row, lists[at]);
        for (gsize index = 0; index < json_array_size(list); index++)
            if (strcmp(json_string_value(json_array_get(list, index)), name) == 0)
                return TRUE;
    }
    return FALSE;
}

// Runs of blanks as one; quote marks, which HTML lacks, gone.
static char *squeezed(const char *text) {
    GString *result = g_string_new(NULL);
    gboolean is_blank = FALSE;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        if (g_unichar_isspace(character) || character == 0xFEFF || character == 0x200B) {
            is_blank = TRUE;
            continue;
        }
        if (is_blank && result->len > 0)
            g_string_append_c(result, ' ');
        is_blank = FALSE;
        g_string_append_unichar(result, character);
    }
    return g_string_free(result, FALSE);
}

static void judge_text(Judge *judge_, int field, const char *key, const char *found) {
    const char *expected = json_string_value(json_object_get(judge_->row, key));
    if (expected == NULL || is_disputed(judge_->row, key))
        return;
    g_autofree char *a = squeezed(expected);
    g_autofree char *b = squeezed(found != NULL ? found : "");
    gboolean is_address = field == FROM;
    gboolean is_right = is_address ? g_ascii_strcasecmp(a, b) == 0 : strcmp(a, b) == 0;
    judge(judge_, field, is_right || strstr(a, "\xEF\xBF\xBD") != NULL, expected, found);
}

static int text_compare(gconstpointer a, gconstpointer b) {
    return g_ascii_strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

static char *sorted_join(GPtrArray *texts) {
    g_ptr_array_sort(texts, text_compare);
    g_ptr_array_add(texts, NULL);
    return g_strjoinv(" ", (char **)texts->pdata);
}

static void judge_to(Judge *judge_) {
    const json_t *expected = json_object_get(judge_->row, "to");
    if (expected == NULL || is_disputed(judge_->row, "to"))
        return;
    g_autoptr(GPtrArray) a = g_ptr_array_new();
    g_autoptr(GPtrArray) b = g_ptr_array_new();
    for (gsize at = 0; at < json_array_size(expected); at++)
        g_ptr_array_add(a, (gpointer)(guintptr)json_string_value(json_array_get(expected, at)));
    const GPtrArray *to = judge_->incoming->mail->to;
    for (guint at = 0; at < to->len; at++)
        if (((Party *)to->pdata[at])->address[0] != '\0')
            g_ptr_array_add(b, ((Party *)to->pdata[at])->address);
    g_autofree char *wanted = sorted_join(a);
    g_autofree char *found = sorted_join(b);
    judge(judge_, TO, g_ascii_strcasecmp(wanted, found) == 0, wanted, found);
    if (to->len > 0)
        judge_text(judge_, TO_NAME, "to_name", ((Party *)to->pdata[0])->name);
}

static void judge_date(Judge *judge_) {
    const char *expected = json_string_value(json_object_get(judge_->row, "date"));
    if (expected == NULL || is_disputed(judge_->row, "date"))
        return;
    Instant date = judge_->incoming->mail->date;
    g_autofree char *found = date != INSTANT_NONE ? instant_format(date) : g_strdup("none");
    judge(judge_, DATE, instant_parse(expected, NULL) == date, expected, found);
}

static char *attachment_sha256(const Attachment *attachment) {
    return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, attachment->bytes);
}

// The consensus leaves texts and mails out.
static gboolean is_counted(const Attachment *attachment) {
    return !g_str_has_prefix(attachment->type, "text/") &&
           !g_str_has_prefix(attachment->type, "message/");
}

static char *attachments_describe(const Incoming *incoming) {
    GString *text = g_string_new(NULL);
    for (guint at = 0; at < incoming->attachments->len; at++) {
        const Attachment *attachment = incoming->attachments->pdata[at];
        g_autofree char *sha256 = attachment_sha256(attachment);
        g_string_append_printf(text, "[%s %s %" G_GINT64_FORMAT " %.8s]",
                               attachment->name != NULL ? attachment->name : "-", attachment->type,
                               attachment->size, sha256);
    }
    return g_string_free(text, FALSE);
}

// How much of an expected attachment this one is: bytes count most, then name, then type.
static int likeness(const json_t *expected, const Attachment *attachment) {
    const char *sha256 = json_string_value(json_object_get(expected, "sha256"));
    const char *name = json_string_value(json_object_get(expected, "name"));
    const char *type = json_string_value(json_object_get(expected, "type"));
    g_autofree char *own = attachment_sha256(attachment);
    g_autofree char *clean = name != NULL ? attachment_name_clean(name) : NULL;
    return (g_strcmp0(sha256, own) == 0 ? 4 : 0) +
           (g_strcmp0(clean, attachment->name) == 0 ||
                    (clean != NULL && strstr(clean, "\xEF\xBF\xBD") != NULL)
                ? 2
                : 0) +
           (g_strcmp0(type, attachment->type) == 0 ? 1 : 0);
}

static void judge_attachment(Judge *judge_, const json_t *expected) {
    int best = 0;
    for (guint at = 0; at < judge_->incoming->attachments->len; at++)
        best = MAX(best, likeness(expected, judge_->incoming->attachments->pdata[at]));
    g_autofree char *wanted = json_dumps(expected, JSON_COMPACT);
    g_autofree char *found = attachments_describe(judge_->incoming);
    if (json_object_get(expected, "sha256") != NULL)
        judge(judge_, ATTACHMENT_BYTES, (best & 4) != 0, wanted, found);
    if (json_is_string(json_object_get(expected, "name")))
        judge(judge_, ATTACHMENT_NAME, (best & 2) != 0, wanted, found);
    if (json_is_string(json_object_get(expected, "type")))
        judge(judge_, ATTACHMENT_TYPE, (best & 1) != 0, wanted, found);
}

static void judge_attachments(Judge *judge_) {
    const json_t *expected = json_object_get(judge_->row, "attachment_detail");
    if (expected == NULL || is_disputed(judge_->row, "attachments"))
        return;
    for (gsize at = 0; at < json_array_size(expected); at++)
        judge_attachment(judge_, json_array_get(expected, at));
    gsize count = 0, texts = 0;
    for (guint at = 0; at < judge_->incoming->attachments->len; at++)
        if (is_counted(judge_->incoming->attachments->pdata[at]))
            count++;
        else
            texts++;
    g_autofree char *wanted = json_dumps(expected, JSON_COMPACT);
    g_autofree char *found = attachments_describe(judge_->incoming);
    gsize size = json_array_size(expected);
    gboolean is_right = count == size || (size > count && size <= count + texts);
    judge(judge_, ATTACHMENT_COUNT, is_right, wanted, found);
}

static void judge_body(Judge *judge_) {
    const json_t *expected = json_object_get(judge_->row, "body_contains");
    if (expected == NULL || is_disputed(judge_->row, "body"))
        return;
    g_autofree char *text = squeezed(judge_->incoming->text);
    g_autofree char *html = squeezed(judge_->incoming->html != NULL ? judge_->incoming->html : "");
    for (gsize at = 0; at < json_array_size(expected); at++) {
        const char *snippet = json_string_value(json_array_get(expected, at));
        g_autofree char *wanted = squeezed(snippet);
        gboolean is_right = strstr(text, wanted) != NULL || strstr(html, wanted) != NULL;
        if (!is_right || at + 1 == json_array_size(expected)) {
            judge(judge_, BODY, is_right, snippet, text);
            return;
        }
    }
}

// mime4j: every leaf's bytes are an attachment's, or its lines stand in the text.
static void judge_leaf(Judge *judge_, const json_t *leaf) {
    const char *file = json_string_value(json_object_get(leaf, "decoded_file"));
    const char *kind = json_string_value(json_object_get(leaf, "kind"));
    g_autofree char *path = g_build_filename(data_directory(), "corpora", file, NULL);
    g_autofree char *bytes = NULL;
    if (strcmp(kind, "binary-body") == 0) {
        int best = 0;
        for (guint at = 0; at < judge_->incoming->attachments->len; at++)
            best = MAX(best, likeness(leaf, judge_->incoming->attachments->pdata[at]));
        judge(judge_, LEAF, (best & 4) != 0, file, "(no such bytes)");
    } else if (g_file_get_contents(path, &bytes, NULL, NULL) && g_utf8_validate(bytes, -1, NULL)) {
        g_autofree char *wanted = squeezed(bytes);
        g_autofree char *found = squeezed(judge_->incoming->text);
        gboolean is_right = strstr(found, wanted) != NULL;
        for (guint at = 0; at < judge_->incoming->attachments->len && !is_right; at++)
            is_right = likeness(leaf, judge_->incoming->attachments->pdata[at]) >= 4;
        judge(judge_, LEAF, is_right, wanted, found);
    }
}

static void judge_leaves(Judge *judge_) {
    const json_t *leaves = json_object_get(judge_->row, "leaves");
    for (gsize at = 0; at < json_array_size(leaves); at++)
        judge_leaf(judge_, json_array_get(leaves, at));
}

static Incoming *decode_file(const char *file) {
    g_autofree char *path = g_build_filename(data_directory(), "corpora", file, NULL);
    char *bytes;
    gsize length;
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    g_autoptr(GBytes) raw = g_bytes_new_take(bytes, length);
    Incoming *incoming = mail_decode(raw, NULL);
    g_assert_nonnull(incoming);
    return incoming;
}

static void judge_row(Judge *judge_, const json_t *row) {
    judge_->row = row;
    judge_->file = json_string_value(json_object_get(row, "file"));
    g_autoptr(Incoming) incoming = decode_file(judge_->file);
    judge_->incoming = incoming;
    judge_text(judge_, FROM, "from", incoming->from->address);
    judge_text(judge_, FROM_NAME, "from_name", incoming->from->name);
    judge_text(judge_, SUBJECT, "subject", incoming->subject);
    judge_text(judge_, MESSAGE_ID, "message_id", incoming->mail->message_id);
    judge_text(judge_, IN_REPLY_TO, "in_reply_to", incoming->mail->in_reply_to[0]);
    judge_to(judge_);
    judge_date(judge_);
    judge_attachments(judge_);
    judge_body(judge_);
    judge_leaves(judge_);
}

static void report(const Judge *judge_) {
    gboolean is_low = FALSE;
    for (int field = 0; field < FIELDS; field++) {
        const Field *at = &judge_->fields[field];
        if (at->judged == 0)
            continue;
        g_test_message("%s %u/%u", at->name, at->agreed, at->judged);
        is_low |= at->judged - at->agreed > MAX(2, (1 - AGREEMENT_MINIMUM) * at->judged);
    }
    g_assert_false(is_low);
}

static void judge_file(Judge *judge_, const char *name) {
    g_autofree char *path = g_build_filename(data_directory(), "expect", name, NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL && **line != '\0'; line++) {
        json_t *row = json_loads(*line, JSON_ALLOW_NUL, NULL);
        g_assert_nonnull(row);
        judge_row(judge_, row);
        json_decref(row);
    }
}

static void test_agreement(void) {
    static const char *const names[] = {"consensus.jsonl", "stalwart-mail-parser.jsonl",
                                        "zbateson.jsonl", "mime4j.jsonl"};
    if (data_directory() == NULL) {
        g_test_skip("SHARED_DATA does not name the folder with the mails");
        return;
    }
    Judge judge_ = {.file = NULL};
    memcpy(judge_.fields, fields_empty, sizeof fields_empty);
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++)
        judge_file(&judge_, names[at]);
    report(&judge_);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mail-corpora/each field agrees with other parsers", test_agreement);
    return g_test_run();
}
