#include "model/reply_signature.h"

#include <string.h>

#define SIGNATURE_LINES_MAX 10
#define SIGNATURE_LINE_BYTES_MAX 200
#define DEVICE_LINE_BYTES_MAX 160

// How the line begins that a phone or program adds. Lower case.
static const char *const device_beginnings[] = {
    "sent from my ",
    "sent from outlook",
    "sent from mail for",
    "sent from yahoo",
    "sent from typeapp",
    "sent from samsung",
    "sent from the ",
    "sent from proton",
    "sent from windows",
    "sent from gmail",
    "sent from a ",
    "sent from blue",
    "sent from nine",
    "sent from k-9",
    "sent from spark",
    "sent from aol",
    "sent from front",
    "sent from hey",
    "sent with ",
    "sent via ",
    "sent using ",
    "get outlook for ",
    "download outlook for ",
    "lähetetty ",
    "hae outlook",
    "hanki outlook",
    "skickat från ",
    "skickades från ",
    "hämta outlook",
    "sendt fra ",
    "hent outlook",
    "gesendet von ",
    "von meinem ",
    "von unterwegs gesendet",
    "gesendet mit ",
    "diese nachricht wurde von meinem ",
    "outlook für ",
    "holen sie sich outlook",
    "laden sie outlook",
    "verzonden vanaf ",
    "verstuurd vanaf ",
    "verzonden met ",
    "outlook voor ",
    "envoyé de mon ",
    "envoyé depuis ",
    "envoyé à partir de ",
    "envoyé avec ",
    "télécharger outlook",
    "obtenir outlook",
    "enviado desde ",
    "enviado do meu ",
    "enviado de mi ",
    "enviado a partir do ",
    "enviado via ",
    "obtener outlook",
    "obter o outlook",
    "inviato da ",
    "inviato dal ",
    "ottieni outlook",
    "scarica outlook",
    "wysłano z ",
    "wysłane z ",
    "pobierz outlook",
    "odesláno z ",
    "odoslané z ",
    "elküldve az ",
    "trimis de pe ",
    "saadetud minu ",
    "отправлено с ",
    "отправлено из ",
    "надіслано з ",
    "στάλθηκε από ",
    "iphoneから送信",
    "私のiphoneから",
    "从我的",
    "從我的",
    "发自我的",
    "發自我的",
    "나의 iphone에서 보냄",
    "iphone에서 보냄",
};

// Words that such a line must hold when its beginning says little by itself.
static const char *const device_words[] = {
    "iphone",     "ipad",        "ipod",    "android",  "samsung",   "galaxy",    "outlook",
    "mail",       "yahoo",       "gmail",   "nokia",    "lumia",     "windows",   "blackberry",
    "sony",       "xperia",      "huawei",  "honor",    "xiaomi",    "redmi",     "oneplus",
    "pixel",      "phone",       "puhelim", "telefon",  "mobil",     "handy",     "tablet",
    "smartphone", "móvil",       "celular", "sparrow",  "typeapp",   "proton",    "spark",
    "app",        "wiko",        "htc",     "motorola", "moto",      "device",    "laite",
    "mac",        "thunderbird", "телефон", "смартфон", "устройств", "fairphone", "téléphone",
    "portable",   "cellulare",   "jolla",   "sailfish", "nothing",   "k-9",       "blue",
    "aol",        "hey",
};

// What the lines below a rule of underscores speak of when a mailing list put them there.
static const char *const list_words[] = {
    "mailing list",  "listinfo",     "unsubscribe",      "mailman",
    "postituslista", "mailinglista", "list-unsubscribe", "groups.google.com",
};

static gboolean text_has_any(const char *text, const char *const *words, gsize count) {
    for (gsize at = 0; at < count; at++) {
        if (strstr(text, words[at])) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean is_device_line(const ReplyLine *line) {
    g_autofree char *text = reply_line_fold(line, DEVICE_LINE_BYTES_MAX);
    gsize words = text ? strcspn(text, "<(") : 0;
    if (words == 0 || memchr(text, '?', words) || g_str_has_suffix(text, ",")) {
        return FALSE;
    }
    const char *plain = text + strspn(text, "*_[(");
    for (gsize at = 0; at < G_N_ELEMENTS(device_beginnings); at++) {
        if (g_str_has_prefix(plain, device_beginnings[at])) {
            return text_has_any(plain, device_words, G_N_ELEMENTS(device_words));
        }
    }
    return FALSE;
}

static gboolean is_delimiter(const ReplyLine *line) {
    static const char *const marks[] = {"--", "—", "__", "- --"};
    for (gsize at = 0; at < G_N_ELEMENTS(marks); at++) {
        if (line->length == strlen(marks[at]) &&
            strncmp(line->start, marks[at], line->length) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

// Short lines, few of them, none that asks.
static gboolean looks_like_signature(const GArray *lines, guint start, guint end) {
    guint count = 0;
    for (guint at = start; at < end; at++) {
        const ReplyLine *line = &g_array_index(lines, ReplyLine, at);
        if (line->length == 0) {
            continue;
        }
        if (++count > SIGNATURE_LINES_MAX || line->length > SIGNATURE_LINE_BYTES_MAX ||
            line->start[line->length - 1] == '?') {
            return FALSE;
        }
    }
    return TRUE;
}

// More than two "--" lines part a text, they do not end it.
static guint find_delimiter(const GArray *lines, guint start, guint end) {
    guint found = end;
    guint count = 0;
    for (guint at = start; at < end; at++) {
        if (is_delimiter(&g_array_index(lines, ReplyLine, at))) {
            found = MIN(found, at);
            count++;
        }
    }
    gboolean sure = count > 0 && count <= 2 && looks_like_signature(lines, found + 1, end);
    return sure ? found : end;
}

static guint find_list_footer(const GArray *lines, guint start, guint end) {
    guint count = 0;
    gboolean list = FALSE;
    for (guint at = end; at > start && count <= SIGNATURE_LINES_MAX; at--) {
        const ReplyLine *line = &g_array_index(lines, ReplyLine, at - 1);
        count += line->length > 0;
        if (list && (is_delimiter(line) || reply_line_is_rule(line, 5))) {
            return at - 1;
        }
        g_autofree char *text = reply_line_fold(line, SIGNATURE_LINE_BYTES_MAX);
        list |= text && text_has_any(text, list_words, G_N_ELEMENTS(list_words));
    }
    return end;
}

// The last line with something in it, if a phone wrote it.
static guint find_device_line(const GArray *lines, guint start, guint end) {
    for (guint at = end; at > start; at--) {
        const ReplyLine *line = &g_array_index(lines, ReplyLine, at - 1);
        if (!reply_line_is_blank(line)) {
            return is_device_line(line) ? at - 1 : end;
        }
    }
    return end;
}

guint reply_signature_find(const GArray *lines, guint start, guint end) {
    static guint (*const finders[])(const GArray *, guint,
                                    guint) = {find_list_footer, find_delimiter, find_device_line};
    for (gsize at = 0; at < G_N_ELEMENTS(finders); at++) {
        end = finders[at](lines, start, end);
    }
    return end;
}
