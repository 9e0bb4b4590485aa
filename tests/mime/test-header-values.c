// Header values as mailers write them, right and wrong: tables of value and meaning.
#include <glib.h>
#include <string.h>

#include "base/clock.h"
#include "mime/address_list.h"
#include "mime/charset.h"
#include "mime/header_parameters.h"
#include "mime/header_text.h"
#include "mime/mail_date.h"
#include "mime/message_ids.h"
#include "mime/part_body.h"

typedef struct {
    const char *value;
    const char *meaning;
} Row;

static char *parties_show(const char *value) {
    g_autoptr(GPtrArray) parties = party_list_new();
    g_autoptr(GString) text = g_string_new(NULL);
    address_list_parse(value, parties);
    for (guint at = 0; at < parties->len; at++) {
        const Party *party = parties->pdata[at];
        g_string_append_printf(text, "%s%s|%s", at > 0 ? " & " : "",
                               party->name != NULL ? party->name : "", party->address);
    }
    return g_strdup(text->str);
}

static void test_addresses(void) {
    static const Row rows[] = {
        {"\"A B\" <a@b.c>, d@e.f (D \\) E)", "A B|a@b.c & D ) E|d@e.f"},
        {"Group: a@b, \"x, y\" <c@d>; e@f", "|a@b & x, y|c@d & |e@f"},
        {"undisclosed-recipients:;", ""},
        {"Doe, John <j@x>, k@x", "Doe, John|j@x & |k@x"},
        {"=?utf-8?Q?Doe,_John?= <j@x>", "Doe, John|j@x"},
        {"=?utf-8?B?Rm9vIDxmb29AYmFyLmNvbT4=?=", "Foo|foo@bar.com"},
        {"\"=?utf-8?Q?J=C3=B6rg?=\" <j@x>", "Jörg|j@x"},
        {"J\xf6rg <j@x>", "Jörg|j@x"},
        {"<@r1,@r2:u@h>", "|u@h"},
        {"\"quoted local\"@x.y", "|\"quoted local\"@x.y"},
        {"Jane  Doe  <jane @ x.y> (work)", "Jane Doe|jane@x.y"},
        {"jane@x.y>", "|jane@x.y"},
        {"<jane@x.y", "|jane@x.y"},
        {"\"Unclosed <u@x.y>", "Unclosed|u@x.y"},
        {"First <f@x.y>; Second <s@x.y>;", "First|f@x.y & Second|s@x.y"},
        {"<John Doe> john@x.y", "John Doe|john@x.y"},
        {"Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", "Pete|pete@silly.test"},
        {"MAILER-DAEMON", "MAILER-DAEMON|"},
        {"A <a@b>, , B <c@d>", "A|a@b & B|c@d"},
        {"<>", ""},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(rows); at++) {
        g_autofree char *found = parties_show(rows[at].value);
        g_assert_cmpstr(found, ==, rows[at].meaning);
    }
}

static void test_encoded_words(void) {
    static const Row rows[] = {
        {"=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"},
        {"=?utf-8?Q?a?= b =?utf-8?Q?c_d?=", "a b c d"},
        {"=?utf-8?Q?=E2=82?= =?utf-8?Q?=AC_5?=", "€ 5"},
        {"=?utf-8?B?w6Q?=", "ä"},
        {"=?UTF-8*en?Q?x?=", "x"},
        {"=?utf-8?Q?a b c?=", "a b c"},
        {"=?utf-8?Q?unterminated", "=?utf-8?Q?unterminated"},
        {"=?nonsense?Q?=E4?=", "ä"},
        {"a=?utf-8?Q?b?=c", "abc"},
        {"=?utf-8?Q?=3D=3F?=", "=?"},
        {"=?iso-2022-jp?B?GyRCJWEhPCVrJT0lVSVIGyhC?=", "メールソフト"},
        {"=?ks_c_5601-1987?B?x9GxuQ==?=", "한국"},
        {"=?gb2312?B?1tC5+g==?=", "中国"},
        {"raw \xe4 and \xc3\xa4", "raw ä and Ã¤"},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(rows); at++) {
        g_autofree char *found = header_text_decode(rows[at].value);
        g_assert_cmpstr(found, ==, rows[at].meaning);
    }
}

static char *parameters_show(const char *value) {
    HeaderParameters parameters;
    header_parameters_parse(&parameters, value);
    g_autoptr(GString) text = g_string_new(parameters.value);
    for (guint at = 0; at < parameters.names->len; at++)
        g_string_append_printf(text, " %s=%s", (char *)parameters.names->pdata[at],
                               (char *)parameters.values->pdata[at]);
    header_parameters_clear(&parameters);
    return g_strdup(text->str);
}

static void test_parameters(void) {
    static const Row rows[] = {
        {"TEXT/Plain; Charset = \"UTF-8\" ; format=flowed",
         "text/plain charset=UTF-8 format=flowed"},
        {"text/plain charset=utf-8", "text/plain charset=utf-8"},
        {"filename=foo.txt", " filename=foo.txt"},
        {"attachment; filename=foo bar.txt; x=y", "attachment filename=foo bar.txt x=y"},
        {"attachment;filename=\"x;y.txt\";size=3", "attachment filename=x;y.txt size=3"},
        {"attachment; filename=\"EUR.txt\"; filename*=utf-8''%E2%82%AC.txt",
         "attachment filename=€.txt"},
        {"attachment; filename*1*=%20b; filename*0*=iso-8859-1''%E4", "attachment filename=ä b"},
        {"attachment; filename*0=\"a\"; filename*1=\"b.txt\"", "attachment filename=ab.txt"},
        {"attachment; filename=\"=?utf-8?Q?=C3=A4?=.txt\"", "attachment filename=ä.txt"},
        {"text/html; charset=\"utf-8", "text/html charset=utf-8"},
        {"text/plain; charset=us-ascii (comment)", "text/plain charset=us-ascii"},
        {"text/plain;;; charset=x", "text/plain charset=x"},
        {"", ""},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(rows); at++) {
        g_autofree char *found = parameters_show(rows[at].value);
        g_assert_cmpstr(found, ==, rows[at].meaning);
    }
}

static void test_dates(void) {
    static const Row rows[] = {
        {"Mon, 2 Mar 2026 10:00:00 +0200", "2026-03-02T08:00:00.000Z"},
        {"2 Mar 26 10:00 EET", "2026-03-02T08:00:00.000Z"},
        {"Thu, 13 Feb 1969 23:32 -0330 (Newfoundland Time)", "1969-02-14T03:02:00.000Z"},
        {"Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", "1997-11-21T15:55:06.000Z"},
        {"Mon, 2 Mar 2026 10:00 (EET)", "2026-03-02T08:00:00.000Z"},
        {"Mon Mar  2 10:00:00 EST 2026", "2026-03-02T15:00:00.000Z"},
        {"Mon, 02-Mar-2026 10:00:00 GMT+2", "2026-03-02T08:00:00.000Z"},
        {"2026-03-02T10:00:00Z", "2026-03-02T10:00:00.000Z"},
        {"Mon, 2 Mar 2026 10:00:60 +0000", "2026-03-02T10:00:59.000Z"},
        {"Tue, 31 Feb 2026 10:00:00 +0000", NULL},
        {"garbage", NULL},
        {"", NULL},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(rows); at++) {
        Instant found = mail_date_parse(rows[at].value);
        Instant meant =
            rows[at].meaning != NULL ? instant_parse(rows[at].meaning, NULL) : INSTANT_NONE;
        g_assert_cmpint(found, ==, meant);
    }
    g_assert_cmpint(mail_date_parse(NULL), ==, INSTANT_NONE);
}

static void test_ids(void) {
    static const Row rows[] = {
        {"<a@b><c@d> <a@b>", "a@b c@d"},
        {"Your message of \"x\" <a@b> (comment)", "a@b"},
        {"a@b c@d", "a@b c@d"},
        {"<folded .id@x>", "folded.id@x"},
        {"no id here", ""},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(rows); at++) {
        g_auto(GStrv) ids = message_ids_parse(rows[at].value, 100);
        g_autofree char *found = g_strjoinv(" ", ids);
        g_assert_cmpstr(found, ==, rows[at].meaning);
    }
    g_auto(GStrv) newest = message_ids_parse("<1@x> <2@x> <3@x>", 2);
    g_assert_cmpstr(newest[0], ==, "2@x");
    g_assert_cmpuint(g_strv_length(newest), ==, 2);
}

static void test_charsets(void) {
    static const struct {
        const char *charset, *bytes, *text;
    } rows[] = {
        {"utf-8", "\xc3\xa4 \xff \xc3\xa4", "ä \xef\xbf\xbd ä"},
        {"utf-8", "Hyv\xe4\xe4", "Hyvää"},
        {"iso-8859-1", "5 \x80", "5 €"},
        {"us-ascii", "\xe4", "ä"},
        {"unknown-8bit", "\xc3\xa4", "ä"},
        {"no-such-charset", "\xe4", "ä"},
        {"cp-850", "\x84", "ä"},
        {"koi8-r", "\xf0\xd2\xc9", "При"},
        {NULL, "\x1b$B%a\x1b(B", "メ"},
        {"utf-7", "+APY-", "+APY-"},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(rows); at++) {
        g_autofree char *found =
            charset_to_utf8(rows[at].charset, rows[at].bytes, strlen(rows[at].bytes));
        g_assert_cmpstr(found, ==, rows[at].text);
    }
}

static void test_flowed_text(void) {
    static const Row rows[] = {
        {"a \nb\n\nc\n", "a b\n\nc\n"},     {"> a \n> b\nc\n", "> a b\nc\n"},
        {">> a \n> b\n", ">> a \n> b\n"},   {" >x\n", ">x\n"},
        {"a \n-- \nme\n", "a \n-- \nme\n"},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(rows); at++) {
        g_autofree char *found = text_unflow(rows[at].value, FALSE);
        g_assert_cmpstr(found, ==, rows[at].meaning);
    }
    g_autofree char *joined = text_unflow("こん \nにちは\n", TRUE);
    g_assert_cmpstr(joined, ==, "こんにちは\n");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/header-values/addresses are found in any dress", test_addresses);
    g_test_add_func("/header-values/encoded words are read, and what passes for them",
                    test_encoded_words);
    g_test_add_func("/header-values/parameters are read in every form", test_parameters);
    g_test_add_func("/header-values/dates are read however odd", test_dates);
    g_test_add_func("/header-values/ids are found among junk", test_ids);
    g_test_add_func("/header-values/charsets that lie do no harm", test_charsets);
    g_test_add_func("/header-values/flowed lines are joined", test_flowed_text);
    return g_test_run();
}
