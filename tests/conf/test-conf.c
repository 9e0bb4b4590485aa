#include <string.h>

#include "base/error.h"
#include "conf/listen.h"
#include "conf/setting.h"
#include "tests/store/scratch.h"

static Conf *conf_of(const char *text, GError **error) {
    g_auto(Scratch) scratch = scratch_new();
    g_autofree char *path = scratch_path(&scratch, "dialogd.conf");
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return conf_load(path, error);
}

static void without_a_file_all_is_default(void) {
    g_autoptr(Conf) conf = conf_load(NULL, NULL);
    g_assert_cmpstr(conf->listen, ==, "127.0.0.1:8025");
    g_assert_cmpstr(conf->data_directory, ==, "/var/lib/dialogd");
    g_assert_cmpint(conf->body_limit, ==, 25 * 1024 * 1024);
    g_assert_false(conf->allow_private_addresses);
    g_assert_null(conf->trusted_proxies[0]);
}

static void file_says_otherwise(void) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Conf) conf = conf_of("# a comment\n[http]\nlisten = [::1]:0\n"
                                   "public_url = https://example.org/\n"
                                   "trusted_proxies = 127.0.0.1, 10.0.0.0/8\n"
                                   "[network]\nallow_private_addresses = yes\n",
                                   &error);
    g_assert_no_error(error);
    g_assert_cmpstr(conf->listen, ==, "[::1]:0");
    g_assert_cmpstr(conf->public_url, ==, "https://example.org");
    g_assert_cmpstr(conf->trusted_proxies[1], ==, "10.0.0.0/8");
    g_assert_true(conf->allow_private_addresses);
}

static void wrong_files_are_refused_by_name(void) {
    static const struct {
        const char *text;
        const char *said;
    } cases[] = {
        {"[http]\nlisen = 127.0.0.1:1\n", "lisen is no setting; did you mean listen?"},
        {"[htpp]\nlisten = 127.0.0.1:1\n", "htpp is no section; did you mean http?"},
        {"[mail]\nfrobnicate_everything = 1\n", "frobnicate_everything is no setting"},
        {"[server]\ndata_directory = data\n", "data_directory: \"data\" is not a path"},
        {"[server]\nlog_level = loud\n", "is not one of debug, info, warning, error"},
        {"[http]\nlisten = localhost\n", "is not an address and port"},
        {"[http]\nbody_limit = 0\n", "is not a number from 1 to 1024"},
        {"[http]\nbody_limit = 12x\n", "is not a number from 1 to 1024"},
        {"[http]\npublic_url = ftp://example.org\n", "is not a web address"},
        {"[http]\ntrusted_proxies = 10.0.0.0/8 nobody\n", "\"nobody\" is not an address"},
        {"[network]\nallow_private_addresses = true\n", "is not yes or no"},
        {"listen = 1\n", "cannot read the configuration"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(conf_of(cases[i].text, &error));
        g_assert_cmpint(error_kind(error), ==, ERROR_INVALID);
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, cases[i].said));
    }
}

static void missing_file_is_unavailable(void) {
    g_autoptr(GError) error = NULL;
    g_assert_null(conf_load("/nowhere/dialogd.conf", &error));
    g_assert_cmpint(error_kind(error), ==, ERROR_UNAVAILABLE);
}

static void addresses_to_listen_on_are_split(void) {
    static const struct {
        const char *text;
        const char *host; // NULL: refused
        guint16 port;
    } cases[] = {
        {"127.0.0.1:8025", "127.0.0.1", 8025},
        {"[::]:0", "::", 0},
        {"::1:25", NULL, 0},
        {"127.0.0.1", NULL, 0},
        {"127.0.0.1:", NULL, 0},
        {"localhost:1", NULL, 0},
        {"127.0.0.1:65536", NULL, 0},
        {":80", NULL, 0},
        {"", NULL, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *host = NULL;
        guint16 port = 0;
        g_assert_cmpint(listen_parse(cases[i].text, &host, &port), ==, cases[i].host != NULL);
        g_assert_cmpstr(host, ==, cases[i].host);
        g_assert_cmpint(port, ==, cases[i].port);
    }
}

static char *tree_file_read(const char *name) {
    g_autofree char *path = g_build_filename(g_getenv("TOP_SRCDIR"), name, NULL);
    char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static void every_setting_is_in_the_example_and_the_manual(void) {
    g_autofree char *example = tree_file_read("etc/dialogd.conf");
    g_autofree char *manual = tree_file_read("doc/dialogd.conf.5");
    for (const Setting *setting = settings; setting->section != NULL; setting++) {
        g_autofree char *line = g_strdup_printf("\n#%s = ", setting->key);
        g_autofree char *item = g_strdup_printf("\n.It Ic %s ", setting->key);
        g_test_message("[%s] %s", setting->section, setting->key);
        g_assert_nonnull(strstr(example, line));
        g_assert_nonnull(strstr(manual, item));
    }
}

static void example_is_right_with_every_line_taken(void) {
    g_autofree char *example = tree_file_read("etc/dialogd.conf");
    g_autoptr(GRegex) off = g_regex_new("^#(\\w+ = )", G_REGEX_MULTILINE, 0, NULL);
    g_autofree char *on = g_regex_replace(off, example, -1, 0, "\\1", 0, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Conf) conf = conf_of(on, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(conf->lmtp_listen, ==, "/run/dialogd/lmtp");
}

#define ADD(name) g_test_add_func("/conf/" #name, name)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    ADD(without_a_file_all_is_default);
    ADD(file_says_otherwise);
    ADD(wrong_files_are_refused_by_name);
    ADD(missing_file_is_unavailable);
    ADD(addresses_to_listen_on_are_split);
    ADD(every_setting_is_in_the_example_and_the_manual);
    ADD(example_is_right_with_every_line_taken);
    return g_test_run();
}
