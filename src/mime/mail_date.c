#include "mime/mail_date.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    int year, month, day;
    int hour, minute, second;
    gint64 offset; // seconds east of UTC
    gboolean has_time, has_zone;
} Fields;

static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                     "jul", "aug", "sep", "oct", "nov", "dec"};

static const struct {
    const char *name;
    int hours;
} zones[] = {
    {"ut", 0},    {"utc", 0},   {"gmt", 0},   {"z", 0},     {"est", -5},  {"edt", -4},
    {"cst", -6},  {"cdt", -5},  {"mst", -7},  {"mdt", -6},  {"pst", -8},  {"pdt", -7},
    {"bst", 1},   {"cet", 1},   {"cest", 2},  {"met", 1},   {"mest", 2},  {"mez", 1},
    {"eet", 2},   {"eest", 3},  {"wet", 0},   {"west", 1},  {"msk", 3},   {"jst", 9},
    {"kst", 9},   {"hst", -10}, {"akst", -9}, {"akdt", -8}, {"aest", 10}, {"aedt", 11},
    {"nzst", 12}, {"nzdt", 13},
};

static int month_find(const char *word) {
    for (int at = 0; at < 12; at++)
        if (g_ascii_strncasecmp(word, months[at], 3) == 0)
            return at + 1;
    return 0;
}

static gboolean zone_find(const char *word, gint64 *offset) {
    for (gsize at = 0; at < G_N_ELEMENTS(zones); at++)
        if (g_ascii_strcasecmp(word, zones[at].name) == 0) {
            *offset = zones[at].hours * 3600;
            return TRUE;
        }
    return FALSE;
}

static gboolean is_number(const char *text, gsize from, gsize to) {
    return strspn(text, "0123456789") >= from && strlen(text) <= to &&
           strspn(text, "0123456789") == strlen(text);
}

// "+0200", "-05:30", "+2", "GMT+2".
static gboolean zone_number(const char *word, gint64 *offset) {
    if (g_ascii_strncasecmp(word, "gmt", 3) == 0 || g_ascii_strncasecmp(word, "utc", 3) == 0)
        word += 3;
    if (*word != '+' && *word != '-')
        return FALSE;
    gint64 digits = 0;
    guint count = 0;
    for (const char *at = word + 1; *at != '\0'; at++) {
        if (*at == ':')
            continue;
        if (!g_ascii_isdigit(*at) || ++count > 4)
            break;
        digits = digits * 10 + (*at - '0');
    }
    if (count == 0)
        return FALSE;
    gint64 hours = count <= 2 ? digits : digits / 100;
    gint64 minutes = count <= 2 ? 0 : digits % 100;
    *offset = (hours * 60 + minutes) * 60 * (*word == '-' ? -1 : 1);
    return TRUE;
}

// "23:18:39", "9:05", "23.18.39", "7:05PM"
static gboolean time_read(const char *word, Fields *fields) {
    int hour, minute, second = 0;
    char mark[3] = "";
    char form = strchr(word, ':') != NULL ? ':' : '.';
    int read = form == ':' ? sscanf(word, "%2d:%2d:%2d", &hour, &minute, &second)
                           : sscanf(word, "%2d.%2d.%2d", &hour, &minute, &second);
    if (read < (form == ':' ? 2 : 3) || hour < 0 || minute < 0 || second < 0)
        return FALSE;
    gsize digits = strspn(word, "0123456789:.");
    g_strlcpy(mark, word + digits, sizeof mark);
    if (g_ascii_strcasecmp(mark, "pm") == 0 && hour < 12)
        hour += 12;
    fields->hour = hour;
    fields->minute = minute;
    fields->second = MIN(second, 59);
    fields->has_time = TRUE;
    gint64 offset;
    if (zone_number(word + digits, &offset)) {
        fields->offset = offset;
        fields->has_zone = TRUE;
    }
    return TRUE;
}

static int year_of(int number, gsize digits) {
    if (digits >= 4)
        return number;
    if (digits == 3)
        return 1900 + number;
    return number < 50 ? 2000 + number : 1900 + number;
}

// "2004-05-17", "17-May-2004", "5/17/04" (American), "17.5.2004".
static gboolean date_read(const char *word, Fields *fields) {
    int year, month, day;
    char name[4];
    if (sscanf(word, "%4d-%2d-%2d", &year, &month, &day) == 3 && year > 31) {
        fields->year = year, fields->month = month, fields->day = day;
        const char *time = strpbrk(word, "Tt");
        if (time != NULL)
            time_read(time + 1, fields);
        return TRUE;
    }
    if (sscanf(word, "%2d-%3[A-Za-z]-%4d", &day, name, &year) == 3 && month_find(name) > 0) {
        fields->day = day, fields->month = month_find(name);
        fields->year = year_of(year, year > 99 ? 4 : 2);
        return TRUE;
    }
    if (sscanf(word, "%2d/%2d/%4d", &month, &day, &year) == 3 ||
        sscanf(word, "%2d.%2d.%4d", &day, &month, &year) == 3) {
        fields->day = day, fields->month = month;
        fields->year = year_of(year, year > 99 ? 4 : 2);
        return TRUE;
    }
    return FALSE;
}

static void number_read(const char *word, Fields *fields) {
    int number = (int)g_ascii_strtoll(word, NULL, 10);
    if (fields->day == 0 && number >= 1 && number <= 31 && (strlen(word) <= 2 || word[0] == '0'))
        fields->day = number;
    else if (fields->year == 0)
        fields->year = year_of(number, strlen(word));
}

static void word_read(const char *word, Fields *fields) {
    gint64 offset;
    if (!fields->has_time && strpbrk(word, ":") != NULL && time_read(word, fields))
        return;
    if (is_number(word, 1, 4)) {
        number_read(word, fields);
    } else if (fields->has_time && !fields->has_zone &&
               (zone_number(word, &offset) || zone_find(word, &offset))) {
        fields->offset = offset;
        fields->has_zone = TRUE;
    } else if (fields->has_time && g_ascii_strcasecmp(word, "pm") == 0 && fields->hour < 12) {
        fields->hour += 12;
    } else if (fields->year == 0 && date_read(word, fields)) {
        return;
    } else if (!fields->has_time && time_read(word, fields)) {
        return;
    } else if (fields->month == 0) {
        fields->month = month_find(word);
    }
}

static Instant fields_to_instant(const Fields *fields) {
    if (fields->day < 1 || fields->month < 1 || fields->month > 12 || fields->year < 1 ||
        !g_date_valid_day((GDateDay)fields->day) || fields->hour > 23 || fields->minute > 59)
        return INSTANT_NONE;
    GDate date;
    g_date_clear(&date, 1);
    if (!g_date_valid_dmy((GDateDay)fields->day, (GDateMonth)fields->month,
                          (GDateYear)fields->year))
        return INSTANT_NONE;
    g_date_set_dmy(&date, (GDateDay)fields->day, (GDateMonth)fields->month,
                   (GDateYear)fields->year);
    gint64 days = (gint64)g_date_get_julian(&date) - 719163; // 1970-01-01
    gint64 seconds = ((days * 24 + fields->hour) * 60 + fields->minute) * 60 + fields->second;
    return (seconds - fields->offset) * 1000;
}

// Copies value without comments, which go to comments, and without blanks around colons.
static void comments_split(const char *value, GString *plain, GString *comments) {
    guint depth = 0;
    for (; *value != '\0'; value++) {
        gboolean is_blank = *value == ' ' || *value == '\t';
        if (*value == '(') {
            depth++;
        } else if (*value == ')') {
            depth -= depth > 0 ? 1 : 0;
        } else if (depth > 0) {
            g_string_append_c(comments, *value);
        } else if (*value == ':' || !is_blank ||
                   (plain->len > 0 && plain->str[plain->len - 1] != ':')) {
            while (*value == ':' && plain->len > 0 && plain->str[plain->len - 1] == ' ')
                g_string_truncate(plain, plain->len - 1);
            g_string_append_c(plain, is_blank ? ' ' : *value);
        }
    }
}

static void words_read(const char *text, Fields *fields) {
    g_auto(GStrv) words = g_strsplit_set(text, " \t,\"", -1);
    for (char **word = words; *word != NULL; word++)
        if (**word != '\0')
            word_read(*word, fields);
}

Instant mail_date_parse(const char *value) {
    Fields fields = {0};
    if (value == NULL)
        return INSTANT_NONE;
    g_autofree char *bounded = g_strndup(value, 200);
    g_autoptr(GString) plain = g_string_new(NULL);
    g_autoptr(GString) comments = g_string_new(NULL);
    comments_split(bounded, plain, comments);
    words_read(plain->str, &fields);
    // "(EET)" names the zone only where no number does.
    if (fields.has_time && !fields.has_zone)
        words_read(comments->str, &fields);
    return fields_to_instant(&fields);
}
