// The settings table: one row a setting. It gives parsing, defaults, checks, the suggestion for a
// misspelt name, and what the manual and etc/dialogd.conf must name. Used by conf.c and its tests.
#pragma once

#include "conf/conf.h"

typedef enum {
    CONF_TEXT,
    CONF_PATH,      // absolute
    CONF_NUMBER,    // minimum to maximum
    CONF_MEGABYTES, // as CONF_NUMBER; kept as bytes
    CONF_BOOLEAN,   // yes or no
    CONF_CHOICE,    // one of choices
    CONF_LISTEN,    // address:port
    CONF_SOCKET,    // an absolute path, or address:port
    CONF_URL,       // http or https
    CONF_NETWORKS,  // addresses or networks, by space or comma
} SettingType;

typedef struct {
    const char *section;
    const char *key;
    SettingType type;
    const char *initial; // as it would be written in the file; "" where absence is allowed
    gsize offset;        // of the member of Conf
    gint64 minimum;
    gint64 maximum;
    const char *choices; // "debug|info"
    const char *help;    // one line
} Setting;

extern const Setting settings[]; // ends with a NULL section

// NULL when there is none of that name.
const Setting *setting_find(const char *section, const char *key);
gboolean setting_section_exists(const char *section);

// The key of section that is most like this one, or NULL when none is. With section NULL: the
// section. Borrowed.
const char *setting_suggest(const char *section, const char *name);

// Checks value and puts it into conf. FALSE with an error (invalid) that says what is expected.
gboolean setting_apply(const Setting *setting, const char *value, Conf *conf, GError **error);

// Frees what setting_apply put there.
void setting_clear(const Setting *setting, Conf *conf);
