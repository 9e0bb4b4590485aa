#include "model/reply_attribution.h"

#include <string.h>

#define ATTRIBUTION_LINES_MAX 6
#define ATTRIBUTION_BYTES_MAX 600

// "wrote", as mail programs say it. Lower case.
static const char *const verbs[] = {
    "wrote",        // en
    "writes",       // en
    "kirjoitti",    // fi
    "skrev",        // sv, da, nb
    "skreiv",       // nn
    "schrieb",      // de
    "geschrieben",  // de
    "schreef",      // nl
    "geschreven",   // nl
    "a écrit",      // fr
    "écrit",        // fr
    "écrivait",     // fr
    "escribió",     // es
    "escribio",     // es
    "ha escrito",   // es
    "va escriure",  // ca
    "escribiu",     // gl
    "escreveu",     // pt
    "ha scritto",   // it
    "scritto",      // it
    "napisał",      // pl
    "napisał(a)",   // pl
    "napisała",     // pl
    "napisano",     // pl
    "pisze",        // pl
    "написал",      // ru
    "написала",     // ru
    "написал(а)",   // ru
    "написано",     // ru
    "пишет",        // ru
    "писал",        // ru
    "писал(а)",     // ru
    "пише",         // uk
    "написав",      // uk
    "написа",       // bg
    "napsal",       // cs
    "napsal(a)",    // cs
    "napsala",      // cs
    "napísal",      // sk
    "napísal(a)",   // sk
    "napisao",      // hr
    "napisao/la",   // hr
    "је написао",   // sr
    "napisal",      // sl
    "írta",         // hu
    "a scris",      // ro
    "yazdı",        // tr
    "έγραψε",       // el
    "kirjutas",     // et
    "rakstīja",     // lv
    "rašė",         // lt
    "skrifaði",     // is
    "menulis",      // id
    "đã viết",      // vi
    "כתב",          // he
    "כתבה",         // he
    "כתב/ה",        // he
    "كتب",          // ar
    "เขียน",         // th
    "写道",         // zh
    "寫道",         // zh
    "書きました",   // ja
    "のメッセージ", // ja
    "작성",         // ko
    "썼습니다",     // ko
};

// How such a line begins. Only used to find where one begins that is wrapped.
static const char *const beginnings[] = {
    "on ",   "at ",     "am ",  "le ", "el ",  "il ", "op ", "den ", "em ", "no dia ",
    "dnia ", "w dniu ", "dne ", "på ", "в ",   "а ",  "на ", "mon",  "tue", "wed",
    "thu",   "fri",     "sat",  "sun", "ma ",  "ti ", "ke ", "to ",  "pe ", "la ",
    "su ",   "tisdag",  "mån",  "ons", "tors", "fre", "lör", "sön",  "man", "tir",
    "lun",   "mar",     "mer",  "mié", "jeu",  "jue", "gio", "ven",  "vie", "sam",
    "sáb",   "dim",     "dom",  "mo",  "di",   "mi",  "do",  "fr",   "sa",  "so",
    "в",     "пн",      "вт",   "ср",  "чт",   "пт",  "сб",  "вс",   "пон", "вто",
    "сре",   "чет",     "пят",  "суб", "вос",  "在",  "op ", "ve ",
};

typedef struct {
    gboolean verb;
    gboolean address;
    gboolean time; // 12:05, 12.05, 12h05
    gboolean date; // a year, or numbers parted by "/", "." or "-"
} Signs;

static gboolean has_verb(const char *text) {
    for (gsize at = 0; at < G_N_ELEMENTS(verbs); at++) {
        if (reply_text_has_word(text, verbs[at])) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean has_address(const char *text) {
    const char *at = text;
    while ((at = strchr(at, '@'))) {
        if (at > text && g_ascii_isgraph(at[-1]) && g_ascii_isalnum(at[1])) {
            return TRUE;
        }
        at++;
    }
    return FALSE;
}

static gsize digits_at(const char *text) {
    gsize count = 0;
    while (g_ascii_isdigit(text[count])) {
        count++;
    }
    return count;
}

// A number of size digits is followed by a separator and another of next digits.
static void look_at_number(const char *text, gsize size, Signs *signs) {
    gsize next = text[size] ? digits_at(text + size + 1) : 0;
    char between = text[size];
    if (size == 4 && (g_str_has_prefix(text, "19") || g_str_has_prefix(text, "20"))) {
        signs->date = TRUE;
    }
    if (size <= 2 && next == 2 && between && strchr(":.h", between)) {
        signs->time = TRUE;
    }
    if (size <= 2 && (next == 1 || next == 2) && between && strchr("/.-", between) &&
        strchr("/.-", text[size + 1 + next]) && digits_at(text + size + 2 + next) >= 2) {
        signs->date = TRUE;
    }
}

static void look_at_numbers(const char *text, Signs *signs) {
    while (*text) {
        gsize size = digits_at(text);
        if (size > 0) {
            look_at_number(text, size, signs);
        }
        text += MAX(size, (gsize)1);
    }
}

// Ends in a colon, perhaps behind or before the bracket of a wrapped address, or asterisks; or
// stands between dashes ("---- On ... Bob wrote ----").
static gboolean ends_like_announcement(const char *text) {
    gsize length = strlen(text);
    if (g_str_has_prefix(text, "---") && g_str_has_suffix(text, "---")) {
        return TRUE;
    }
    while (length > 0 && strchr("* >", text[length - 1])) {
        length--;
    }
    return (length > 0 && text[length - 1] == ':') ||
           (length > 2 && memcmp(text + length - 3, "\xef\xbc\x9a", 3) == 0);
}

static AttributionStrength judge(const char *text) {
    Signs signs = {.verb = has_verb(text), .address = has_address(text)};
    look_at_numbers(text, &signs);
    gboolean dated = signs.time || signs.date;
    if (signs.verb && signs.time + signs.date + signs.address >= 2) {
        return ATTRIBUTION_STRONG;
    }
    if (signs.address && signs.time && signs.date && strchr(text, '<')) {
        return ATTRIBUTION_STRONG;
    }
    return (signs.verb || (signs.address && dated)) ? ATTRIBUTION_WEAK : ATTRIBUTION_NONE;
}

static gboolean begins_well(const char *text) {
    if (g_ascii_isdigit(*text)) {
        return TRUE;
    }
    for (gsize at = 0; at < G_N_ELEMENTS(beginnings); at++) {
        if (g_str_has_prefix(text, beginnings[at])) {
            return TRUE;
        }
    }
    return FALSE;
}

// Lines start to end as one line; NULL when that is too long.
static char *fold_lines(const GArray *lines, guint start, guint end) {
    g_autoptr(GString) joined = g_string_new(NULL);
    for (guint at = start; at <= end; at++) {
        g_autofree char *text =
            reply_line_fold(&g_array_index(lines, ReplyLine, at), ATTRIBUTION_BYTES_MAX);
        if (!text || joined->len + strlen(text) > ATTRIBUTION_BYTES_MAX) {
            return NULL;
        }
        g_string_append_printf(joined, "%s%s", joined->len ? " " : "", text);
    }
    return g_string_free(g_steal_pointer(&joined), FALSE);
}

// A blank line may stand only within the brackets of an address ("Bob\n\n<mailto:...").
static gboolean can_begin_above(const GArray *lines, guint start) {
    const ReplyLine *above = &g_array_index(lines, ReplyLine, start - 1);
    const ReplyLine *here = &g_array_index(lines, ReplyLine, start);
    if (reply_line_is_blank(above)) {
        return here->length > 0 && here->start[0] == '<';
    }
    return !reply_line_is_quoted(above);
}

// Whether the line above belongs to it too: it begins as these lines do, this one does not.
static guint extend_above(const GArray *lines, guint first, guint start, guint end) {
    g_autofree char *here = fold_lines(lines, start, start);
    if (start <= first || end - start + 1 >= ATTRIBUTION_LINES_MAX || !here || begins_well(here) ||
        !can_begin_above(lines, start)) {
        return start;
    }
    g_autofree char *above = fold_lines(lines, start - 1, start - 1);
    Signs signs = {0};
    if (above) {
        look_at_numbers(above, &signs);
    }
    gboolean belongs = above && begins_well(above) && (signs.date || signs.time);
    return belongs ? start - 1 : start;
}

AttributionStrength reply_attribution_match(const GArray *lines, guint first, guint end,
                                            guint *start) {
    AttributionStrength best = ATTRIBUTION_NONE;
    g_autofree char *last = fold_lines(lines, end, end);
    if (!last || !ends_like_announcement(last)) {
        return ATTRIBUTION_NONE;
    }
    for (guint at = end; end - at < ATTRIBUTION_LINES_MAX; at--) {
        g_autofree char *text = fold_lines(lines, at, end);
        // Several lines must look like one: "at 12:30 on 5.5.2026.\nBob wrote:" does not.
        gboolean apt = text && (at == end || begins_well(text) || strchr(text, '<'));
        AttributionStrength strength = apt ? judge(text) : ATTRIBUTION_NONE;
        if (strength > best) {
            best = strength;
            *start = at;
        }
        if (!text || best == ATTRIBUTION_STRONG || at <= first || !can_begin_above(lines, at)) {
            break;
        }
    }
    if (best == ATTRIBUTION_STRONG) {
        *start = extend_above(lines, first, *start, end);
    }
    return best;
}
