#include "conf/setting.h"

#include <string.h>

#define MEMBER(name) G_STRUCT_OFFSET(Conf, name)

const Setting settings[] = {
    {"server", "data_directory", CONF_PATH, "/var/lib/dialogd", MEMBER(data_directory), 0, 0, NULL,
     "The directory that holds everything: database, files, key, control socket."},
    {"server", "log_level", CONF_CHOICE, "info", MEMBER(log_level), 0, 0,
     "debug|info|warning|error", "The least important lines that are logged."},
    {"http", "listen", CONF_LISTEN, "127.0.0.1:8025", MEMBER(listen), 0, 0, NULL,
     "Address and port of the web page, the API and the web hooks."},
    {"http", "public_url", CONF_URL, "", MEMBER(public_url), 0, 0, NULL,
     "The address under which others reach this server, for links and web hooks."},
    {"http", "trusted_proxies", CONF_NETWORKS, "", MEMBER(trusted_proxies), 0, 0, NULL,
     "Addresses or networks whose X-Forwarded-For is believed."},
    {"http", "threads", CONF_NUMBER, "0", MEMBER(threads), 0, 64, NULL,
     "Threads that answer requests; 0: one a core."},
    {"http", "connections", CONF_NUMBER, "10000", MEMBER(connections), 16, 100000, NULL,
     "Connections at once."},
    {"http", "connections_per_address", CONF_NUMBER, "1000", MEMBER(connections_per_address), 1,
     100000, NULL, "Connections at once from one address."},
    {"http", "body_limit", CONF_MEGABYTES, "25", MEMBER(body_limit), 1, 1024, NULL,
     "Megabytes that one request may have."},
    {"http", "header_seconds", CONF_NUMBER, "10", MEMBER(header_seconds), 1, 600, NULL,
     "Seconds within which the header of a request must arrive."},
    {"http", "body_seconds", CONF_NUMBER, "60", MEMBER(body_seconds), 1, 3600, NULL,
     "Seconds within which the body of a request must arrive."},
    {"mail", "lmtp_listen", CONF_SOCKET, "", MEMBER(lmtp_listen), 0, 0, NULL,
     "Socket path, or address and port, on which mail is taken by LMTP."},
    {"mail", "parser_processes", CONF_NUMBER, "0", MEMBER(parser_processes), 0, 64, NULL,
     "Processes that parse mail and HTML; 0: one a core."},
    {"mail", "mail_limit", CONF_MEGABYTES, "50", MEMBER(mail_limit), 1, 1024, NULL,
     "Megabytes that one mail may have."},
    {"network", "allow_private_addresses", CONF_BOOLEAN, "no", MEMBER(allow_private_addresses), 0,
     0, NULL, "Whether mail servers and web hooks in private networks may be reached."},
    {"network", "ca_file", CONF_PATH, "", MEMBER(ca_file), 0, 0, NULL,
     "Certificates that are trusted instead of those of the system."},
    {NULL, NULL, CONF_TEXT, NULL, 0, 0, 0, NULL, NULL},
};

const Setting *setting_find(const char *section, const char *key) {
    for (const Setting *setting = settings; setting->section != NULL; setting++)
        if (strcmp(setting->section, section) == 0 && strcmp(setting->key, key) == 0)
            return setting;
    return NULL;
}

gboolean setting_section_exists(const char *section) {
    for (const Setting *setting = settings; setting->section != NULL; setting++)
        if (strcmp(setting->section, section) == 0)
            return TRUE;
    return FALSE;
}
