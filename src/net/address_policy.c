#include "net/address_policy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

typedef struct {
    guint8 bytes[16];
    guint bits;
} Prefix;

#define V4(a, b, c, d, length)                                                                     \
    { {a, b, c, d}, length }

static const Prefix private_v4[] = {
    V4(0, 0, 0, 0, 8),       // this network
    V4(10, 0, 0, 0, 8),      // private
    V4(100, 64, 0, 0, 10),   // carriers' shared space
    V4(127, 0, 0, 0, 8),     // loopback
    V4(169, 254, 0, 0, 16),  // link-local, clouds' metadata
    V4(172, 16, 0, 0, 12),   // private
    V4(192, 0, 0, 0, 24),    // protocol assignments
    V4(192, 0, 2, 0, 24),    // documentation
    V4(192, 88, 99, 0, 24),  // 6to4 relays
    V4(192, 168, 0, 0, 16),  // private
    V4(198, 18, 0, 0, 15),   // benchmarks
    V4(198, 51, 100, 0, 24), // documentation
    V4(203, 0, 113, 0, 24),  // documentation
    V4(224, 0, 0, 0, 3),     // multicast, reserved, broadcast
};

static const Prefix global_v6 = {{0x20}, 3};
static const Prefix private_v6[] = {
    {{0x20, 0x01}, 23},             // protocol assignments, Teredo, ORCHID
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, // documentation
    {{0x3f, 0xff}, 20},             // documentation
};

// Where an IPv4 address hides in an IPv6 one.
static const struct {
    Prefix prefix;
    guint offset;
} embedded[] = {
    {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96}, 12}, // mapped
    {{{0x00, 0x64, 0xff, 0x9b}, 96}, 12},                   // NAT64
    {{{0x20, 0x02}, 16}, 2},                                // 6to4
};

static gboolean prefix_matches(const Prefix *prefix, const guint8 *bytes) {
    guint whole = prefix->bits / 8, rest = prefix->bits % 8;
    if (memcmp(prefix->bytes, bytes, whole) != 0)
        return FALSE;
    guint mask = 0xffU << (8 - rest) & 0xffU;
    return rest == 0 || (prefix->bytes[whole] & mask) == (bytes[whole] & mask);
}

static gboolean any_prefix_matches(const Prefix *prefixes, gsize count, const guint8 *bytes) {
    for (gsize at = 0; at < count; at++)
        if (prefix_matches(&prefixes[at], bytes))
            return TRUE;
    return FALSE;
}

static gboolean v4_is_public(const guint8 *bytes) {
    return !any_prefix_matches(private_v4, G_N_ELEMENTS(private_v4), bytes);
}

static gboolean v6_is_public(const guint8 *bytes) {
    for (gsize at = 0; at < G_N_ELEMENTS(embedded); at++)
        if (prefix_matches(&embedded[at].prefix, bytes))
            return v4_is_public(bytes + embedded[at].offset);
    return prefix_matches(&global_v6, bytes) &&
           !any_prefix_matches(private_v6, G_N_ELEMENTS(private_v6), bytes);
}

// The bytes of the address, copied out because a sockaddr may stand unaligned; their count, or 0.
static gsize address_bytes(const struct sockaddr *address, guint8 bytes[16]) {
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        memcpy(bytes, &v4.sin_addr, 4);
        return 4;
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        memcpy(bytes, &v6.sin6_addr, 16);
        return 16;
    }
    return 0;
}

gboolean address_is_public(const struct sockaddr *address) {
    guint8 bytes[16];
    gsize length = address_bytes(address, bytes);
    if (length == 4)
        return v4_is_public(bytes);
    return length == 16 && v6_is_public(bytes);
}

gboolean address_is_loopback(const struct sockaddr *address) {
    static const Prefix one = {{[15] = 1}, 128};
    guint8 bytes[16];
    gsize length = address_bytes(address, bytes);
    if (length == 4)
        return bytes[0] == 127;
    if (length != 16)
        return FALSE;
    return prefix_matches(&one, bytes) ||
           (prefix_matches(&embedded[0].prefix, bytes) && bytes[12] == 127);
}

char *address_format(const struct sockaddr *address) {
    char text[INET6_ADDRSTRLEN];
    guint8 bytes[16];
    gsize length = address_bytes(address, bytes);
    if (length == 0 || inet_ntop(address->sa_family, bytes, text, sizeof text) == NULL)
        return g_strdup("?");
    return g_strdup(text);
}
