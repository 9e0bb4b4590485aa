#include <string.h>

#include "mime/html_text.h"

typedef struct {
    const char *name;
    const char *html;
    const char *text;
} Case;

static const Case cases[] = {
    {"paragraphs", "<p>One\n  two</p><p>Three<br>four</p>", "One two\n\nThree\nfour"},
    {"lines of divs", "<div>a</div><div>b</div><div><br></div><div>c</div>", "a\nb\n\nc"},
    {"lists", "<ul><li>a<li>b<ul><li>c</ul></ul><ol><li>x<li>y</ol>",
     "- a\n- b\n  - c\n\n1. x\n2. y"},
    {"link with another text", "<a href=\"https://a.example/x\">here</a>.",
     "here <https://a.example/x>."},
    {"link with its own text", "<a href=\"https://a.example/\">a.example</a>", "a.example"},
    {"mail link", "<a href=\"mailto:a@b.example\">a@b.example</a>", "a@b.example"},
    {"mail link with a name", "<a href=\"mailto:a@b.example\">Anna</a>", "Anna <a@b.example>"},
    {"script link", "<a href=\"javascript:x\">a</a>", "a"},
    {"table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>",
     "a | b\nc | d"},
    {"quote",
     "<p>On x wrote:</p><blockquote type=cite><p>a</p><blockquote>b</blockquote></blockquote>c",
     "On x wrote:\n>\n> a\n> >\n> > b\n\nc"},
    {"indented, not quoted",
     "<blockquote style=\"margin:0 0 0 40px;border:none;padding:0px\">a</blockquote>", "a"},
    {"preformatted", "<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc"},
    {"hidden preheader", "<div style=\"display:none; font-size:1px\">Preheader</div><p>a</p>", "a"},
    {"style and script", "<style>x</style><script>y</script><title>t</title>a", "a"},
    {"entities and blanks", "a&nbsp;&amp;&#x20AC;\xc2\xa0 b", "a &\xe2\x82\xac b"},
    {"picture", "<img src=x alt=\"Our logo\"> a", "[Our logo] a"},
    {"rule", "a<hr>b", "a\n________________________________\nb"},
    {"Outlook",
     "<p class=MsoNormal>a<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p "
     "class=MsoNormal>b</p>",
     "a\n\nb"},
    {"nothing", "", ""},
};

static void test_case(gconstpointer data) {
    const Case *row = data;
    g_autofree char *text = html_text(row->html, strlen(row->html));
    g_assert_cmpstr(text, ==, row->text);
}

static void test_deep_markup_still_gives_its_words(void) {
    g_autoptr(GString) html = g_string_new("<style>p{}</style>");
    for (int at = 0; at < 100000; at++) {
        g_string_append(html, "<div>");
    }
    g_string_append(html, "a &amp; b<br>c");
    g_autofree char *text = html_text(html->str, html->len);
    g_assert_cmpstr(text, ==, "a & b\nc");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autofree char *path =
            g_strdelimit(g_strconcat("/html-text/", cases[at].name, NULL), " ", '-');
        g_test_add_data_func(path, &cases[at], test_case);
    }
    g_test_add_func("/html-text/deep-markup-still-gives-its-words",
                    test_deep_markup_still_gives_its_words);
    return g_test_run();
}
