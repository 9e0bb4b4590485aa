#include <gio/gio.h>
#include <string.h>

#include "base/error.h"
#include "conf/listen.h"
#include "conf/setting.h"

#define MEGABYTE (1024 * 1024)

typedef gboolean (*Apply)(const Setting *setting, const char *value, gpointer member,
                          GError **error);

static gboolean refuse(GError **error, const char *expected, const char *value) {
    error_set(error, ERROR_INVALID, "setting_invalid", "\"%.80s\" is not %s", value, expected);
    return FALSE;
}

static void text_put(gpointer member, const char *value) {
    char **text = member;
    g_free(*text);
    *text = g_strdup(value);
}

static gboolean text_apply(const Setting *setting, const char *value, gpointer member,
                           GError **error) {
    (void)setting;
    (void)error;
    text_put(member, value);
    return TRUE;
}

static gboolean path_apply(const Setting *setting, const char *value, gpointer member,
                           GError **error) {
    (void)setting;
    if (*value != '\0' && !g_path_is_absolute(value))
        return refuse(error, "a path from the root, such as /var/lib/dialogd", value);
    text_put(member, value);
    return TRUE;
}

static gboolean number_apply(const Setting *setting, const char *value, gpointer member,
                             GError **error) {
    gint64 number = 0;
    if (!g_ascii_string_to_signed(value, 10, setting->minimum, setting->maximum, &number, NULL)) {
        g_autofree char *expected =
            g_strdup_printf("a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                            setting->minimum, setting->maximum);
        return refuse(error, expected, value);
    }
    *(gint64 *)member = number;
    return TRUE;
}

static gboolean megabytes_apply(const Setting *setting, const char *value, gpointer member,
                                GError **error) {
    if (!number_apply(setting, value, member, error))
        return FALSE;
    *(gint64 *)member *= MEGABYTE;
    return TRUE;
}

static gboolean boolean_apply(const Setting *setting, const char *value, gpointer member,
                              GError **error) {
    (void)setting;
    gboolean is_yes = strcmp(value, "yes") == 0;
    if (!is_yes && strcmp(value, "no") != 0)
        return refuse(error, "yes or no", value);
    *(gboolean *)member = is_yes;
    return TRUE;
}

static gboolean choice_apply(const Setting *setting, const char *value, gpointer member,
                             GError **error) {
    g_auto(GStrv) choices = g_strsplit(setting->choices, "|", -1);
    if (!g_strv_contains((const char *const *)choices, value)) {
        g_autofree char *listed = g_strjoinv(", ", choices);
        g_autofree char *expected = g_strconcat("one of ", listed, NULL);
        return refuse(error, expected, value);
    }
    text_put(member, value);
    return TRUE;
}

static gboolean listen_apply(const Setting *setting, const char *value, gpointer member,
                             GError **error) {
    (void)setting;
    g_autofree char *host = NULL;
    guint16 port = 0;
    if (!listen_parse(value, &host, &port))
        return refuse(error, "an address and port, such as 127.0.0.1:8025", value);
    text_put(member, value);
    return TRUE;
}

static gboolean socket_apply(const Setting *setting, const char *value, gpointer member,
                             GError **error) {
    if (*value == '\0' || *value == '/')
        return text_apply(setting, value, member, error);
    return listen_apply(setting, value, member, error);
}

static gboolean url_apply(const Setting *setting, const char *value, gpointer member,
                          GError **error) {
    (void)setting;
    const char *scheme = g_uri_peek_scheme(value);
    gboolean is_web =
        scheme != NULL && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    if (*value != '\0' && (!is_web || !g_uri_is_valid(value, G_URI_FLAGS_NONE, NULL)))
        return refuse(error, "a web address, such as https://support.example.org", value);
    g_autofree char *url = g_strdup(value);
    if (g_str_has_suffix(url, "/"))
        url[strlen(url) - 1] = '\0';
    text_put(member, url);
    return TRUE;
}

static gboolean networks_apply(const Setting *setting, const char *value, gpointer member,
                               GError **error) {
    (void)setting;
    g_auto(GStrv) words = g_strsplit_set(value, " ,\t", -1);
    g_autoptr(GStrvBuilder) networks = g_strv_builder_new();
    for (char **word = words; *word != NULL; word++) {
        if (**word == '\0')
            continue;
        g_autoptr(GInetAddressMask) mask = g_inet_address_mask_new_from_string(*word, NULL);
        if (mask == NULL)
            return refuse(error, "an address or network, such as 10.0.0.0/8", *word);
        g_strv_builder_add(networks, *word);
    }
    g_strfreev(*(char ***)member);
    *(char ***)member = g_strv_builder_end(networks);
    return TRUE;
}

static const Apply apply[] = {
    [CONF_TEXT] = text_apply,       [CONF_PATH] = path_apply,
    [CONF_NUMBER] = number_apply,   [CONF_MEGABYTES] = megabytes_apply,
    [CONF_BOOLEAN] = boolean_apply, [CONF_CHOICE] = choice_apply,
    [CONF_LISTEN] = listen_apply,   [CONF_SOCKET] = socket_apply,
    [CONF_URL] = url_apply,         [CONF_NETWORKS] = networks_apply,
};

gboolean setting_apply(const Setting *setting, const char *value, Conf *conf, GError **error) {
    return apply[setting->type](setting, value, G_STRUCT_MEMBER_P(conf, setting->offset), error);
}

void setting_clear(const Setting *setting, Conf *conf) {
    gpointer member = G_STRUCT_MEMBER_P(conf, setting->offset);
    switch (setting->type) {
    case CONF_NUMBER:
    case CONF_MEGABYTES:
    case CONF_BOOLEAN:
        break;
    case CONF_NETWORKS:
        g_strfreev(*(char ***)member);
        break;
    case CONF_TEXT:
    case CONF_PATH:
    case CONF_CHOICE:
    case CONF_LISTEN:
    case CONF_SOCKET:
    case CONF_URL:
        g_free(*(char **)member);
        break;
    }
}
