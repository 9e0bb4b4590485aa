#include <string.h>

#include "model/reply_text.h"

typedef struct {
    const char *name;
    const char *text;
    const char *new_text;
} Case;

#define WORDS "I ordered two lamps.\n\nOne came broken."

static const Case cases[] = {
    {"english-gmail",
     WORDS "\n\nOn Mon, Apr 2, 2012 at 6:26 PM, Bob <bob@example.com> wrote:\n\n> Hi\n> there\n",
     WORDS},
    {"wrapped-attribution",
     WORDS "\nOn Thu, Jun 26, 2014 at 2:41 PM, A Very Long Name Indeed <\na.very.long@example.com> "
           "wrote:\n\n> Hi\n",
     WORDS},
    {"finnish",
     WORDS "\n\nMatti Meikäläinen <matti@esimerkki.fi> kirjoitti 3.4.2026 klo 12.05:\n\n> Hei\n",
     WORDS},
    {"finnish-gmail",
     WORDS
     "\n\nma 3. elok. 2026 klo 12.05 Matti Meikäläinen (matti@esimerkki.fi) kirjoitti:\n\n> Hei\n",
     WORDS},
    {"swedish", WORDS "\n\nDen mån 3 aug. 2026 kl 12:05 skrev Sven <sven@exempel.se>:\n\n> Hej\n",
     WORDS},
    {"german", WORDS "\n\nAm 03.08.2026 um 12:05 schrieb Max Muster:\n> Hallo\n", WORDS},
    {"french", WORDS "\n\nLe 3 août 2026 à 12:05, Luc <luc@exemple.fr> a écrit :\n\n> Bonjour\n",
     WORDS},
    {"japanese", WORDS "\n\n2026年8月3日(月) 12:05 花子 <hanako@example.jp>:\n\n> こんにちは\n",
     WORDS},
    {"chinese", WORDS "\n\n在 2026年8月3日，下午12:05，李 写道：\n\n> 你好\n", WORDS},
    {"outlook",
     WORDS "\n\n________________________________\nLähettäjä: Asiakaspalvelu "
           "<palvelu@esimerkki.fi>\nLähetetty: maanantai 3. elokuuta 2026 12.05\nVastaanottaja: "
           "Matti\nAihe: VS: Tilaus\n\nHei, kiitos viestistä.\n",
     WORDS},
    {"original-message",
     WORDS "\n\n-----Ursprungligt meddelande-----\nFrån: Kundtjänst\nÄmne: Order\n\nHej!\n", WORDS},
    {"unmarked-after-attribution",
     WORDS "\n\nOn Jun 17, 2017, at 14:15, Eve <eve@example.com> wrote:\nWhat is broken?\n", WORDS},
    {"answer-below", "On 04/02/2012 06:26 PM, Bob wrote:\n> Hi\n> there\n\n" WORDS "\n", WORDS},
    {"from-and-date",
     WORDS
     "\n\nFrom: somebody@example.com\nDate: Wed, 16 May 2012 00:15:02 -0600\n\nHello,\nthere.\n",
     WORDS},
    {"between-dashes",
     WORDS "\n\n---- On Mon, 02 Apr 2012 17:44:22 +0400 Bob <bob@example.com> wrote ----\n\nHi\n",
     WORDS},
    {"polish",
     WORDS
     "\n\nW dniu 28 stycznia 2015 01:53 użytkownik Zoe <zoe@example.pl> napisał:\n\n> Cześć\n",
     WORDS},
    {"dutch",
     WORDS "\n\nOp 17-feb.-2015, om 13:18 heeft Jan <jan@example.nl> het volgende "
           "geschreven:\n\n> Hoi\n",
     WORDS},
    {"vietnamese",
     WORDS "\n\nVào 14:24 8 tháng 6, 2017, Hùng <hung@example.vn> đã viết:\n\n> Chào\n", WORDS},
    {"dash-dash", WORDS "\n\n-- \nMatti Meikäläinen\nEsimerkki Oy\n", WORDS},
    {"phone", WORDS "\n\nLähetetty iPhonesta\n", WORDS},
    {"list-footer",
     WORDS "\n\n_______________________________________________\nusers mailing "
           "list\nusers@lists.example.org\n",
     WORDS},
    {"reply-line",
     WORDS "\n\n##- Please type your reply above this line -##\n\nYour ticket was updated.\n",
     WORDS},
};

static const Case kept[] = {
    {"between-quotes",
     "On 04/02/2012 06:26 PM, Bob wrote:\n> Colour?\nRed.\n> Size?\nXL.\n> Thanks\n",
     "On 04/02/2012 06:26 PM, Bob wrote:\n> Colour?\nRed.\n> Size?\nXL."},
    {"only-quote", "> Mail with only a quote.", "> Mail with only a quote."},
    {"journey", "Hello,\n\nplease book:\nFrom: Helsinki\nTo: Oulu\nDate: 4.5.2026\n\nThank you",
     "Hello,\n\nplease book:\nFrom: Helsinki\nTo: Oulu\nDate: 4.5.2026\n\nThank you"},
    {"arrows", "Visit us\n>>> >>> http://www.example.com <<<\nby the link above",
     "Visit us\n>>> >>> http://www.example.com <<<\nby the link above"},
    {"form", "Please change my booking.\n\nFrom: a@example.com\nDate: 4.5.2026\n\nThanks",
     "Please change my booking.\n\nFrom: a@example.com\nDate: 4.5.2026\n\nThanks"},
    {"wrote-in-a-sentence", "On Monday I wrote to you:\nnobody answered.",
     "On Monday I wrote to you:\nnobody answered."},
    {"sent-from-in-a-sentence", "It was\nsent from my phone app, why\ndid it not come?",
     "It was\nsent from my phone app, why\ndid it not come?"},
    {"dashes-as-separators", "One\n--\nTwo\n--\nThree\n--\nFour",
     "One\n--\nTwo\n--\nThree\n--\nFour"},
    {"question-below-dashes", "Hello\n--\nWhere is my order?", "Hello\n--\nWhere is my order?"},
    {"long-text-below-dashes", "A\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11",
     "A\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11"},
    {"code", "See:\n```\n> prompt\nOn 04/02/2012 06:26 PM, Bob wrote:\n```\nWhy?",
     "See:\n```\n> prompt\nOn 04/02/2012 06:26 PM, Bob wrote:\n```\nWhy?"},
    {"closing", WORDS "\n\nBest regards,\nMatti", WORDS "\n\nBest regards,\nMatti"},
    {"only-signature", "-- \nMatti", "--\nMatti"},
    {"attribution-first-unmarked",
     "On Jun 17, 2017, at 14:15, Eve <e@example.com> wrote:\nall of this",
     "On Jun 17, 2017, at 14:15, Eve <e@example.com> wrote:\nall of this"},
    {"empty", "", ""},
};

static void test_case(gconstpointer data) {
    const Case *row = data;
    g_autoptr(ReplyText) reply = reply_text_split(row->text);
    g_assert_cmpstr(reply->new_text, ==, row->new_text);
}

static void test_parts_are_told_apart(void) {
    g_autoptr(ReplyText) reply = reply_text_split(
        "Hi\r\n\r\n-- \r\nBob\r\n\r\nOn Apr 3, 2012, at 4:19 PM, Eve wrote:\r\n> Hello\r\n");
    g_assert_cmpstr(reply->new_text, ==, "Hi");
    g_assert_cmpstr(reply->signature, ==, "--\nBob");
    g_assert_cmpstr(reply->quoted, ==, "On Apr 3, 2012, at 4:19 PM, Eve wrote:\n> Hello");
}

static void test_a_forward_without_words_shows_what_it_forwards(void) {
    g_autoptr(ReplyText) reply = reply_text_split(
        "---------- Forwarded message ----------\nFrom: A <a@example.com>\n"
        "Date: Thu, Jan 28, 2016\nSubject: Lamp\nTo: b@example.com\n\n\nIt broke.\n");
    g_assert_cmpstr(reply->new_text, ==, "It broke.");
}

static char *repeat(const char *piece, guint times) {
    GString *out = g_string_new("x\n");
    for (guint at = 0; at < times; at++) {
        g_string_append(out, piece);
    }
    return g_string_free(out, FALSE);
}

static void test_long_repetitions_are_split_too(void) {
    static const char *const pieces[] = {"On Apr 3, 2012, at 4:19 PM, Eve wrote:\n",
                                         "> q\na\n",
                                         "```\n",
                                         "From: a@b\n",
                                         "```x\n",
                                         "-- \n",
                                         "\n",
                                         "-----\n",
                                         "> \n\n",
                                         "Sent from my iPhone\n\n> q\n",
                                         "-----Original Message-----\n",
                                         "wrote:",
                                         "____\nmailing list\n"};
    for (gsize at = 0; at < G_N_ELEMENTS(pieces); at++) {
        g_autofree char *text = repeat(pieces[at], 100000);
        g_autoptr(ReplyText) reply = reply_text_split(text);
        g_assert_nonnull(reply->new_text);
    }
}

static void add_cases(const Case *list, gsize count, const char *prefix) {
    for (gsize at = 0; at < count; at++) {
        g_autofree char *path = g_strconcat(prefix, list[at].name, NULL);
        g_test_add_data_func(path, &list[at], test_case);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    add_cases(cases, G_N_ELEMENTS(cases), "/reply-text/hides/");
    add_cases(kept, G_N_ELEMENTS(kept), "/reply-text/keeps/");
    g_test_add_func("/reply-text/parts-are-told-apart", test_parts_are_told_apart);
    g_test_add_func("/reply-text/a-forward-without-words-shows-what-it-forwards",
                    test_a_forward_without_words_shows_what_it_forwards);
    g_test_add_func("/reply-text/long-repetitions-are-split-too",
                    test_long_repetitions_are_split_too);
    return g_test_run();
}
