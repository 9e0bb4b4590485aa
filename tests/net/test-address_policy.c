#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>

#include "net/address_policy.h"

static gboolean text_is_public(const char *text) {
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return address_is_public((const struct sockaddr *)&v4);
    g_assert_cmpint(inet_pton(AF_INET6, text, &v6.sin6_addr), ==, 1);
    return address_is_public((const struct sockaddr *)&v6);
}

static void check_all(const char *const *texts, gboolean expected) {
    for (; *texts != NULL; texts++) {
        g_test_message("%s", *texts);
        g_assert_cmpint(text_is_public(*texts), ==, expected);
    }
}

static void test_public(void) {
    const char *const texts[] = {
        "1.1.1.1",          "8.8.8.8",         "9.255.255.255",     "11.0.0.0",
        "100.63.255.255",   "100.128.0.0",     "172.15.255.255",    "172.32.0.0",
        "192.0.1.1",        "193.166.3.2",     "198.17.255.255",    "198.20.0.0",
        "223.255.255.255",  "2606:4700::1111", "2a00:1450:4026::1", "::ffff:8.8.8.8",
        "64:ff9b::808:808", "2002:808:808::1", "2001:200::1",       NULL};
    check_all(texts, TRUE);
}

static void test_private(void) {
    const char *const texts[] = {"0.0.0.0",         "0.1.2.3",
                                 "10.0.0.1",        "10.255.255.255",
                                 "100.64.0.1",      "127.0.0.1",
                                 "127.255.255.254", "169.254.169.254",
                                 "172.16.0.1",      "172.31.255.255",
                                 "192.0.0.1",       "192.0.2.1",
                                 "192.88.99.1",     "192.168.1.1",
                                 "198.18.0.1",      "198.19.255.255",
                                 "198.51.100.7",    "203.0.113.9",
                                 "224.0.0.1",       "240.0.0.1",
                                 "255.255.255.255", NULL};
    check_all(texts, FALSE);
}

static void test_private_v6(void) {
    const char *const texts[] = {"::",
                                 "::1",
                                 "::127.0.0.1",
                                 "::ffff:127.0.0.1",
                                 "::ffff:10.0.0.1",
                                 "::ffff:169.254.169.254",
                                 "64:ff9b::7f00:1",
                                 "64:ff9b::a00:1",
                                 "64:ff9b:1::1",
                                 "2002:7f00:1::",
                                 "2002:a00:1::1",
                                 "2001::1",
                                 "2001:db8::1",
                                 "3fff::1",
                                 "fc00::1",
                                 "fd12::1",
                                 "fe80::1",
                                 "fec0::1",
                                 "ff02::1",
                                 "100::1",
                                 "5f00::1",
                                 NULL};
    check_all(texts, FALSE);
}

static void test_loopback(void) {
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    inet_pton(AF_INET, "127.1.2.3", &v4.sin_addr);
    g_assert_true(address_is_loopback((const struct sockaddr *)&v4));
    g_assert_true(address_is_loopback((const struct sockaddr *)&v6));
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &v6.sin6_addr);
    g_assert_true(address_is_loopback((const struct sockaddr *)&v6));
    inet_pton(AF_INET, "10.0.0.1", &v4.sin_addr);
    g_assert_false(address_is_loopback((const struct sockaddr *)&v4));
}

static void test_other_families(void) {
    struct sockaddr unix_socket = {.sa_family = AF_UNIX};
    g_assert_false(address_is_public(&unix_socket));
    g_assert_false(address_is_loopback(&unix_socket));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/address_policy/addresses of the internet are public", test_public);
    g_test_add_func("/address_policy/IPv4 special ranges are not public", test_private);
    g_test_add_func("/address_policy/IPv6 special ranges and hidden IPv4 addresses are not public",
                    test_private_v6);
    g_test_add_func("/address_policy/loopback is told apart", test_loopback);
    g_test_add_func("/address_policy/families that are not IP are never public",
                    test_other_families);
    return g_test_run();
}
