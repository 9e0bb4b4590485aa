#include "net/imap_name.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

#define NAME_LIMIT 1000

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static void append_base64(GString *out, const guint8 *bytes, gsize length) {
    guint bits = 0, value = 0;
    for (gsize at = 0; at < length; at++) {
        value = value << 8 | bytes[at];
        for (bits += 8; bits >= 6; bits -= 6)
            g_string_append_c(out, alphabet[value >> (bits - 6) & 63]);
        value &= (1U << bits) - 1;
    }
    if (bits > 0)
        g_string_append_c(out, alphabet[value << (6 - bits) & 63]);
}

// Moves at over the run of characters that must be shifted, and writes it.
static const char *append_shifted(GString *out, const char *at) {
    g_autoptr(GByteArray) units = g_byte_array_new();
    for (; *at != '\0' && !(*at >= 0x20 && *at < 0x7f); at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        guint16 pair[2] = {(guint16)character, 0};
        if (character > 0xffff) {
            pair[0] = (guint16)(0xd800 + ((character - 0x10000) >> 10));
            pair[1] = (guint16)(0xdc00 + ((character - 0x10000) & 0x3ff));
        }
        for (int unit = 0; unit < (character > 0xffff ? 2 : 1); unit++) {
            guint8 bytes[2] = {(guint8)(pair[unit] >> 8), (guint8)pair[unit]};
            g_byte_array_append(units, bytes, 2);
        }
    }
    g_string_append_c(out, '&');
    append_base64(out, units->data, units->len);
    g_string_append_c(out, '-');
    return at;
}

char *imap_name_encode(const char *name, GError **error) {
    gsize length = strlen(name);
    if (length == 0 || length > NAME_LIMIT || !g_utf8_validate(name, (gssize)length, NULL)) {
        error_set(error, ERROR_INVALID, "folder_name", "A folder's name is 1 to %d bytes of UTF-8.",
                  NAME_LIMIT);
        return NULL;
    }
    if (g_ascii_strcasecmp(name, "INBOX") == 0)
        return g_strdup("INBOX");
    GString *out = g_string_new(NULL);
    for (const char *at = name; *at != '\0';) {
        if (*at == '&')
            g_string_append(out, "&-");
        else if (*at >= 0x20 && *at < 0x7f)
            g_string_append_c(out, *at);
        else {
            at = append_shifted(out, at);
            continue;
        }
        at++;
    }
    return g_string_free(out, FALSE);
}

// The bytes of one shifted run (big-endian UTF-16) as UTF-8, or NULL.
static char *decode_shifted(const char *start, gsize length) {
    g_autoptr(GByteArray) units = g_byte_array_new();
    guint bits = 0, value = 0;
    for (gsize at = 0; at < length; at++) {
        const char *digit = strchr(alphabet, start[at]);
        if (digit == NULL || *digit == '\0')
            return NULL;
        value = value << 6 | (guint)(digit - alphabet);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            guint8 byte = (guint8)(value >> bits);
            g_byte_array_append(units, &byte, 1);
            value &= (1U << bits) - 1;
        }
    }
    return g_convert((const char *)units->data, (gssize)(units->len & ~1U), "UTF-8", "UTF-16BE",
                     NULL, NULL, NULL);
}

char *imap_name_decode(const char *encoded) {
    GString *out = g_string_new(NULL);
    for (const char *at = encoded; *at != '\0';) {
        const char *end = *at == '&' ? strchr(at, '-') : NULL;
        if (end == NULL) {
            g_string_append_c(out, *at++);
            continue;
        }
        g_autofree char *text =
            end == at + 1 ? g_strdup("&") : decode_shifted(at + 1, (gsize)(end - at - 1));
        if (text == NULL)
            g_string_append_len(out, at, end - at + 1);
        else
            g_string_append(out, text);
        at = end + 1;
    }
    char *valid = g_utf8_make_valid(out->str, (gssize)out->len);
    g_string_free(out, TRUE);
    return valid;
}

char *imap_quote(const char *text, GError **error) {
    GString *out = g_string_new("\"");
    for (const char *at = text; *at != '\0'; at++) {
        if (*at < 0x20 || *at == 0x7f) {
            g_string_free(out, TRUE);
            error_set(error, ERROR_INVALID, "imap_text",
                      "Only printable ASCII can be sent to the mail server.");
            return NULL;
        }
        if (*at == '"' || *at == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *at);
    }
    g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}

char *imap_set_format(const guint32 *uids, gsize count) {
    GString *out = g_string_new(NULL);
    for (gsize at = 0; at < count;) {
        gsize last = at;
        while (last + 1 < count && uids[last + 1] == uids[last] + 1)
            last++;
        g_string_append_printf(out, "%s%u", at > 0 ? "," : "", uids[at]);
        if (last > at)
            g_string_append_printf(out, ":%u", uids[last]);
        at = last + 1;
    }
    return g_string_free(out, FALSE);
}

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static int month_number(const char *name) {
    for (int month = 0; month < 12; month++)
        if (g_ascii_strncasecmp(name, months + month * 3, 3) == 0)
            return month + 1;
    return 0;
}

Instant imap_date_parse(const char *text) {
    int day, year, hour, minute, second, zone;
    char month[4], sign;
    if (sscanf(text, "%2d-%3[A-Za-z]-%4d %2d:%2d:%2d %c%4d", &day, month, &year, &hour, &minute,
               &second, &sign, &zone) != 8 ||
        month_number(month) == 0 || (sign != '+' && sign != '-') || zone < 0 || year < 1)
        return INSTANT_NONE;
    g_autoptr(GDateTime) date =
        g_date_time_new_utc(year, month_number(month), day, hour, minute, MIN(second, 59));
    if (date == NULL)
        return INSTANT_NONE;
    int offset = (zone / 100 * 60 + zone % 100) * 60 * (sign == '-' ? -1 : 1);
    return (g_date_time_to_unix(date) - offset) * 1000;
}

char *imap_date_format(Instant instant) {
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(instant / 1000);
    if (date == NULL)
        date = g_date_time_new_from_unix_utc(0);
    return g_strdup_printf(
        "%02d-%.3s-%04d %02d:%02d:%02d +0000", g_date_time_get_day_of_month(date),
        months + (g_date_time_get_month(date) - 1) * 3, g_date_time_get_year(date),
        g_date_time_get_hour(date), g_date_time_get_minute(date), g_date_time_get_second(date));
}
