// Which passwords are taken.
#include "base/error.h"
#include "model/password.h"

static const char *verdict(const char *password) {
    g_autoptr(GError) error = NULL;
    if (password_check(password, "aino.virtanen@example.org", "Aino Virtanen", &error))
        return "taken";
    return error_code(error);
}

static void test_length_counts_characters(void) {
    g_autofree char *longest = g_strnfill(128, 'x');
    g_assert_cmpstr(verdict("kuura-7"), ==, "password_too_short");
    g_assert_cmpstr(verdict("åäöåäöå"), ==, "password_too_short");
    g_assert_cmpstr(verdict("kuura-77"), ==, "taken");
    memcpy(longest, "kuuraaamuna", 11);
    g_assert_cmpstr(verdict(longest), ==, "taken");
    g_autofree char *longer = g_strconcat(longest, "y", NULL);
    g_assert_cmpstr(verdict(longer), ==, "password_too_long");
}

static void test_common_passwords_are_refused_however_they_are_dressed(void) {
    static const char *const common[] = {
        "password",   "Password1!",  "P@ssw0rd",   "salasana1",  "Salasana123", "12345678",
        "1234567890", "aaaaaaaa",    "abcabcabc",  "qwerty123",  "QWERTYUIOP",  "letmein1",
        "iloveyou",   "dialogd2026", "Dialogd!!",  "welcome123", "lösenord1",   "19801231",
        "helpdesk99", "Kesä2026!",   "adminadmin", "87654321",   "sunshine!",   "summer2026",
    };
    for (gsize at = 0; at < G_N_ELEMENTS(common); at++) {
        g_test_message("%s", common[at]);
        g_assert_cmpstr(verdict(common[at]), ==, "password_common");
    }
}

static void test_the_agents_own_name_is_refused(void) {
    g_assert_cmpstr(verdict("aino.virtanen@example.org"), ==, "password_common");
    g_assert_cmpstr(verdict("Aino.Virtanen1"), ==, "password_common");
    g_assert_cmpstr(verdict("AinoVirtanen2026"), ==, "password_common");
}

static void test_other_passwords_of_any_kind_are_taken(void) {
    static const char *const good[] = {
        "correct battery staple",
        "kolme pientä possua",
        "xK4#mPq9",
        " leading space",
        "🦊🦊🐻🐼🐨🐯🦁🐮",
        "ruosteinen polkupyörä",
        "vihreä-talo-mäellä",
        "8gH2kq0z",
    };
    for (gsize at = 0; at < G_N_ELEMENTS(good); at++) {
        g_test_message("%s", good[at]);
        g_assert_cmpstr(verdict(good[at]), ==, "taken");
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/password/length counts characters", test_length_counts_characters);
    g_test_add_func("/password/common passwords are refused however they are dressed",
                    test_common_passwords_are_refused_however_they_are_dressed);
    g_test_add_func("/password/the agent's own name is refused",
                    test_the_agents_own_name_is_refused);
    g_test_add_func("/password/other passwords of any kind are taken",
                    test_other_passwords_of_any_kind_are_taken);
    return g_test_run();
}
