#include <string.h>

#include "mime/html_clean.h"

typedef struct {
    const char *name;
    const char *html;
    const char *clean;
} Case;

static const Case cases[] = {
    {"paragraphs stay", "<p>a &amp; b<br>c</p>", "<p>a &amp; b<br>c</p>"},
    {"scripts go", "a<script>alert(1)</script>b", "ab"},
    {"handlers go", "<p onclick=\"alert(1)\">a</p>", "<p>a</p>"},
    {"style sheets go", "<style>p{}</style><p>a</p>", "<p>a</p>"},
    {"forms go, their words stay", "<form action=x><input name=a>Name<button>Send</button></form>",
     "NameSend"},
    {"frames and objects go", "<iframe src=x></iframe><object data=x>y</object><embed src=x>z",
     "z"},
    {"foreign markup goes, its words stay",
     "a<svg onload=x><g>x</g><script>y</script></svg><math><mi>z</mi></math>b", "axzb"},
    {"web links open apart", "<a href=\"https://a.example/?b=1&c=2\" ping=x target=_top>a</a>",
     "<a href=\"https://a.example/?b=1&amp;c=2\" target=\"_blank\" rel=\"noopener noreferrer "
     "nofollow\">a</a>"},
    {"scripts in links go", "<a href=\" java\tscript:alert(1)\">a</a>", "a"},
    {"relative links go", "<a href=\"/x\">a</a>", "a"},
    {"remote images wait", "<img src=\"http://a.example/i.gif\" srcset=\"x 2x\" alt=\"A\">",
     "<img data-src=\"http://a.example/i.gif\" alt=\"A\">"},
    {"images of the mail stay", "<img src=\"cid:part1@x\">", "<img src=\"cid:part1@x\">"},
    {"small raster images stay", "<img src=\"data:image/png;base64,AAAA\">",
     "<img src=\"data:image/png;base64,AAAA\">"},
    {"images that are pages go", "<img src=\"data:image/svg+xml;base64,AAAA\">", "<img>"},
    {"plain styles stay", "<p style=\"color:red; Font-Size : 12px\">a</p>",
     "<p style=\"color:red;font-size:12px\">a</p>"},
    {"styles that load go", "<p style=\"background:url(http://a/b);color:red\">a</p>",
     "<p style=\"color:red\">a</p>"},
    {"styles that move go", "<p style=\"position:fixed;top:0;margin:-99px;z-index:9\">a</p>",
     "<p>a</p>"},
    {"styles that run go", "<p style=\"width:expression(alert(1));behavior:url(x)\">a</p>",
     "<p>a</p>"},
    {"escapes in styles go", "<p style=\"color:\\72 ed;w\\69 dth:1px\">a</p>", "<p>a</p>"},
    {"identifiers go", "<p id=a class=b name=c>x</p>", "<p>x</p>"},
    {"marked quotes keep their mark", "<div class=\"gmail_quote\">a</div>",
     "<div data-quote=\"\">a</div>"},
    {"the body's colour moves to a div", "<body bgcolor=\"#fff\"><p>a</p></body>",
     "<div style=\"background-color:#fff\"><p>a</p></div>"},
    {"Office tags go, their words stay", "<o:p>a</o:p><p class=MsoNormal>b</p>", "a<p>b</p>"},
    {"a first line end in pre stays", "<pre>\n\na</pre>", "<pre>\n\na</pre>"},
    {"also behind what goes", "<pre><!-- x -->\na</pre>", "<pre>\n\na</pre>"},
    {"nothing becomes nothing", "", ""},
};

static void test_case(gconstpointer data) {
    const Case *row = data;
    g_autofree char *clean = html_clean(row->html, strlen(row->html), NULL);
    g_assert_cmpstr(clean, ==, row->clean);
    g_autofree char *again = html_clean(clean, strlen(clean), NULL);
    g_assert_cmpstr(again, ==, clean);
}

static void test_what_was_found_is_counted(void) {
    static const char html[] =
        "<img src=http://a.example/1><img src=//a.example/2><img src=cid:x>"
        "<td background=http://a.example/3><p style=\"background:url(http://a.example/4)\">"
        "<a href=mailto:a@b>m</a><script></script>";
    HtmlCleanFacts facts;
    g_autofree char *clean = html_clean(html, strlen(html), &facts);
    g_assert_cmpuint(facts.remote_images, ==, 3); // a td outside a table is no element
    g_assert_cmpuint(facts.inline_images, ==, 1);
    g_assert_cmpuint(facts.links, ==, 1);
    g_assert_cmpuint(facts.dropped, ==, 1);
    g_assert_false(facts.is_fallback);
}

static char *nest(const char *piece, guint times) {
    GString *out = g_string_new(NULL);
    for (guint at = 0; at < times; at++) {
        g_string_append(out, piece);
    }
    g_string_append(out, "deep");
    return g_string_free(out, FALSE);
}

static void test_depth_and_size_fall_back_to_text(void) {
    static const char *const pieces[] = {
        "<div>",     "<div><!-- </div> -->", "<b a=1><i><u>", "<table><tr><td>",
        "<font><p>", "<frameset>",           "<svg><g>",      "<ul><li>",
    };
    for (gsize at = 0; at < G_N_ELEMENTS(pieces); at++) {
        g_autofree char *html = nest(pieces[at], 100000);
        HtmlCleanFacts facts;
        g_autofree char *clean = html_clean(html, strlen(html), &facts);
        g_assert_true(facts.is_fallback);
        g_assert_cmpstr(clean, ==, "<pre>deep</pre>");
    }
}

static void test_bytes_that_are_no_text_do_no_harm(void) {
    static const char html[] = "<p title=\"\xff\xfe\">\xc3\x28\x00<b\x00>x\xed\xa0\x80</p>";
    g_autofree char *clean = html_clean(html, sizeof html - 1, NULL);
    g_assert_true(g_utf8_validate(clean, -1, NULL));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autofree char *path =
            g_strdelimit(g_strconcat("/html-clean/", cases[at].name, NULL), " ", '-');
        g_test_add_data_func(path, &cases[at], test_case);
    }
    g_test_add_func("/html-clean/what-was-found-is-counted", test_what_was_found_is_counted);
    g_test_add_func("/html-clean/depth-and-size-fall-back-to-text",
                    test_depth_and_size_fall_back_to_text);
    g_test_add_func("/html-clean/bytes-that-are-no-text-do-no-harm",
                    test_bytes_that_are_no_text_do_no_harm);
    return g_test_run();
}
