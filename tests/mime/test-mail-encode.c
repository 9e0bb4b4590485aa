#include <string.h>

#include "base/error.h"
#include "mime/mail_decode.h"
#include "mime/mail_encode.h"

static Outgoing *reply(void) {
    Outgoing *outgoing = outgoing_new();
    outgoing->from = party_new("support@example.org", "Tuki, Esimerkki Oy");
    g_ptr_array_add(outgoing->to, party_new("anna@example.com", "Änna Önnen"));
    outgoing->subject = g_strdup("Re: Tilauksenne ääkkösin – 東京");
    outgoing->mail_message_id = g_strdup("c1.m2.abc@example.org");
    outgoing->date = 1763880300000; // 2025-11-23 06:45
    g_free(outgoing->text);
    outgoing->text = g_strdup("Hei!\n\nTilaus lähti.\n.piste alussa\nFrom the start\n");
    return outgoing;
}

static char *encoded(const Outgoing *outgoing) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = mail_encode(outgoing, "loop-7", &error);
    g_assert_no_error(error);
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static Incoming *decoded(const char *mail) {
    g_autoptr(GBytes) bytes = g_bytes_new(mail, strlen(mail));
    Incoming *incoming = mail_decode(bytes, NULL);
    g_assert_nonnull(incoming);
    return incoming;
}

static void assert_lines_can_travel(const char *mail) {
    g_auto(GStrv) lines = g_strsplit(mail, "\r\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_assert_cmpuint(strlen(*line), <=, 998);
        for (const char *at = *line; *at != '\0'; at++)
            g_assert_true((guchar)*at < 127 && *at != '\n' && *at != '\r');
    }
    g_assert_true(g_str_has_suffix(mail, "\r\n"));
}

static void test_what_is_written_is_read_again(void) {
    g_autoptr(Outgoing) outgoing = reply();
    g_autofree char *mail = encoded(outgoing);
    assert_lines_can_travel(mail);
    g_autoptr(Incoming) incoming = decoded(mail);
    g_assert_cmpstr(incoming->from->address, ==, "support@example.org");
    g_assert_cmpstr(incoming->from->name, ==, "Tuki, Esimerkki Oy");
    g_assert_cmpstr(((Party *)incoming->mail->to->pdata[0])->name, ==, "Änna Önnen");
    g_assert_cmpstr(incoming->subject, ==, outgoing->subject);
    g_assert_cmpstr(incoming->text, ==, outgoing->text);
    g_assert_cmpstr(incoming->mail->message_id, ==, "c1.m2.abc@example.org");
    g_assert_cmpint(incoming->mail->date, ==, 1763880300000);
    g_assert_nonnull(strstr(mail, "\r\nX-Dialogd-Loop: loop-7\r\n"));
}

static void test_blind_copies_and_automatic_marks_stay_out(void) {
    g_autoptr(Outgoing) outgoing = reply();
    g_ptr_array_add(outgoing->bcc, party_new("secret@example.net", NULL));
    g_autofree char *mail = encoded(outgoing);
    g_assert_null(strstr(mail, "secret@example.net"));
    g_assert_null(strcasestr(mail, "\nbcc:"));
    g_assert_null(strstr(mail, "Auto-Submitted"));
    g_assert_null(strstr(mail, "X-Auto-Response-Suppress"));
}

static void test_an_automatic_mail_says_so(void) {
    g_autoptr(Outgoing) outgoing = reply();
    outgoing->is_automatic = TRUE;
    g_autofree char *first = encoded(outgoing);
    g_assert_nonnull(strstr(first, "\r\nAuto-Submitted: auto-generated\r\n"));
    g_strfreev(outgoing->in_reply_to);
    outgoing->in_reply_to = g_strsplit("a@b", " ", -1);
    g_autofree char *second = encoded(outgoing);
    g_assert_nonnull(strstr(second, "\r\nAuto-Submitted: auto-replied\r\n"));
    g_assert_nonnull(strstr(second, "\r\nIn-Reply-To: <a@b>\r\n"));
}

static void test_long_references_keep_the_first_and_the_last(void) {
    g_autoptr(Outgoing) outgoing = reply();
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    for (guint at = 0; at < 300; at++)
        g_ptr_array_add(ids, g_strdup_printf("id-%u-of-a-long-thread@mail.example.org", at));
    g_ptr_array_add(ids, NULL);
    g_strfreev(outgoing->references);
    outgoing->references = (char **)g_ptr_array_steal(ids, NULL);
    g_autofree char *mail = encoded(outgoing);
    assert_lines_can_travel(mail);
    g_autoptr(Incoming) incoming = decoded(mail);
    char **references = incoming->mail->references;
    g_assert_cmpuint(g_strv_length(references), ==, 21);
    g_assert_cmpstr(references[0], ==, "id-0-of-a-long-thread@mail.example.org");
    g_assert_cmpstr(references[1], ==, "id-280-of-a-long-thread@mail.example.org");
    g_assert_cmpstr(references[20], ==, "id-299-of-a-long-thread@mail.example.org");
}

static void attach(Outgoing *outgoing, const char *name, const char *type, const char *id,
                   const char *bytes) {
    Attachment *attachment = attachment_new(name, type);
    attachment->bytes = g_bytes_new(bytes, strlen(bytes));
    attachment->content_id = g_strdup(id);
    attachment->is_inline = id != NULL;
    g_ptr_array_add(outgoing->attachments, attachment);
}

static void test_html_pictures_and_files_come_back(void) {
    g_autoptr(Outgoing) outgoing = reply();
    outgoing->html = g_strdup("<p>Tilaus <b>lähti</b>. <img src=\"cid:kuva@x\"></p>");
    attach(outgoing, "kuva.png", "image/png", "kuva@x", "\x89PNG not really");
    attach(outgoing, "lähetyslista – pitkä nimi, jossa on paljon merkkejä ja \"lainaus\".pdf",
           "application/pdf", NULL, "%PDF-1.4");
    attach(outgoing, "mail.eml", "message/rfc822", NULL, "Subject: x\r\n\r\ny\r\n");
    g_autofree char *mail = encoded(outgoing);
    assert_lines_can_travel(mail);
    g_autoptr(Incoming) incoming = decoded(mail);
    // The last line break belongs to the boundary.
    g_assert_cmpstr(incoming->text, ==, g_strchomp(outgoing->text));
    g_assert_nonnull(strstr(incoming->html, "<b>lähti</b>"));
    g_assert_cmpuint(incoming->attachments->len, ==, 3);
    const Attachment *picture = incoming->attachments->pdata[0];
    const Attachment *file = incoming->attachments->pdata[1];
    g_assert_cmpstr(picture->content_id, ==, "kuva@x");
    g_assert_true(picture->is_inline);
    g_assert_false(file->is_inline);
    g_assert_cmpstr(file->name, ==, ((Attachment *)outgoing->attachments->pdata[1])->name);
    g_assert_true(
        g_bytes_equal(file->bytes, ((Attachment *)outgoing->attachments->pdata[1])->bytes));
}

static void assert_refused(Outgoing *outgoing) {
    g_autoptr(GError) error = NULL;
    g_assert_null(mail_encode(outgoing, "loop", &error));
    g_assert_cmpstr(error_code(error), ==, "mail_invalid");
    g_assert_cmpint((int)error_kind(error), ==, ERROR_INVALID);
}

// reliability.md E05.
static void test_a_line_break_in_a_header_is_refused(void) {
    static const char evil[] = "x\r\nBcc: all@example.net";
    g_autoptr(Outgoing) subject = reply();
    g_free(subject->subject);
    subject->subject = g_strdup(evil);
    assert_refused(subject);
    g_autoptr(Outgoing) name = reply();
    g_ptr_array_add(name->to, party_new("b@example.com", evil));
    assert_refused(name);
    g_autoptr(Outgoing) address = reply();
    g_ptr_array_add(address->cc, party_new("b@example.com\r\nBcc: x@y", NULL));
    assert_refused(address);
    g_autoptr(Outgoing) id = reply();
    g_strfreev(id->references);
    id->references = g_strsplit("a@b>\r\nBcc:x@y", " ", -1);
    assert_refused(id);
    g_autoptr(Outgoing) file = reply();
    attach(file, "x.pdf", "application/pdf\r\nX: y", NULL, "z");
    assert_refused(file);
    g_autoptr(Outgoing) nobody = reply();
    g_ptr_array_set_size(nobody->to, 0);
    assert_refused(nobody);
}

static void test_long_lines_and_other_scripts_are_encoded(void) {
    g_autoptr(Outgoing) outgoing = reply();
    g_autofree char *line = g_strnfill(5000, 'x');
    g_free(outgoing->text);
    outgoing->text = g_strdup_printf("%s \nお問い合わせ\nend \n", line);
    g_autofree char *mail = encoded(outgoing);
    assert_lines_can_travel(mail);
    g_autoptr(Incoming) incoming = decoded(mail);
    g_assert_cmpstr(incoming->text, ==, outgoing->text);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mail-encode/what is written is read again",
                    test_what_is_written_is_read_again);
    g_test_add_func("/mail-encode/blind copies and automatic marks stay out",
                    test_blind_copies_and_automatic_marks_stay_out);
    g_test_add_func("/mail-encode/an automatic mail says so", test_an_automatic_mail_says_so);
    g_test_add_func("/mail-encode/long references keep the first and the last",
                    test_long_references_keep_the_first_and_the_last);
    g_test_add_func("/mail-encode/html, pictures and files come back",
                    test_html_pictures_and_files_come_back);
    g_test_add_func("/mail-encode/a line break in a header is refused",
                    test_a_line_break_in_a_header_is_refused);
    g_test_add_func("/mail-encode/long lines and other scripts are encoded",
                    test_long_lines_and_other_scripts_are_encoded);
    return g_test_run();
}
