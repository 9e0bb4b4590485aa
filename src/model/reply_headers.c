#include "model/reply_headers.h"

#include <string.h>

#define NAME_BYTES_MAX 60
#define CONTINUATION_LINES_MAX 3
#define BLOCK_LINES_MAX 40

// Lower case, without the colon. By language: en, fi, sv, da/nb, de, nl, fr, es, it, pt, pl, cs,
// hu, ro, tr, et, ru, uk, el, ja, zh, ko.
static const struct {
    guint kind;
    const char *names;
} header_names[] = {
    {HEADER_FROM,
     "|from|lähettäjä|keneltä|från|avsändare|fra|von|absender|van|afzender|de|expéditeur|de la "
     "part "
     "de|remitente|da|mittente|remetente|od|nadawca|odesílatel|odosielateľ|feladó|de la|expeditor|"
     "kimden|gönderen|saatja|kellelt|от|отправитель|від|από|差出人|送信者|发件人|發件人|寄件者|"
     "寄件人|"
     "보낸 사람|보낸사람|"},
    {HEADER_DATE,
     "|sent|date|sent at|lähetetty|päivämäärä|päiväys|pvm|aika|skickat|datum|sendt|dato|gesendet|"
     "gesendet am|verzonden|envoyé|date d'envoi|envoyé le|enviado|enviado el|enviado em|fecha|"
     "inviato|data|wysłano|wysłane|data wysłania|odesláno|odoslané|dátum|elküldve|küldve|trimis|"
     "tarih|gönderildi|gönderme tarihi|saadetud|kuupäev|отправлено|дата|дата отправки|надіслано|"
     "ημερομηνία|στάλθηκε|送信日時|日付|日時|发送时间|日期|發送時間|寄件日期|보낸 날짜|날짜|"},
    {HEADER_TO,
     "|to|vastaanottaja|kenelle|till|til|an|empfänger|aan|à|a|para|per|destinataire|destinatario|"
     "destinatário|do|dla|komu|pro|címzett|către|kime|alıcı|adressaat|saaja|кому|получатель|προς|"
     "宛先|收件人|받는 사람|받는사람|"},
    {HEADER_SUBJECT,
     "|subject|aihe|ämne|emne|betreff|onderwerp|objet|sujet|asunto|oggetto|assunto|temat|předmět|"
     "predmet|tárgy|subiect|konu|teema|тема|θέμα|件名|主题|主題|主旨|标题|제목|"},
    {HEADER_OTHER,
     "|cc|bcc|kopio|kopia|kopi|kopie|copie|copie à|copia|cópia|kópia|копия|копія|抄送|副本|참조|"
     "reply-to|reply to|vastausosoite|antwort an|répondre à|responder a|importance|priority|"
     "tärkeys|prioriteetti|prioritet|wichtigkeit|priorität|importanza|attachments|liitteet|"
     "bilagor|anlagen|anhänge|pièces jointes|message-id|organization|organisaatio|resent-from|"},
};

// Lower case, as they stand between dashes.
static const char *const originals[] = {
    "original message",
    "original-message",
    "original email",
    "reply message",
    "alkuperäinen viesti",
    "ursprungligt meddelande",
    "originalmeddelande",
    "ursprungsmeddelande",
    "oprindelig meddelelse",
    "oprindelig besked",
    "opprinnelig melding",
    "original melding",
    "ursprüngliche nachricht",
    "originalnachricht",
    "original-nachricht",
    "oorspronkelijk bericht",
    "origineel bericht",
    "message d'origine",
    "message d’origine",
    "message original",
    "message initial",
    "mensaje original",
    "messaggio originale",
    "mensagem original",
    "wiadomość oryginalna",
    "oryginalna wiadomość",
    "původní zpráva",
    "pôvodná správa",
    "eredeti üzenet",
    "mesaj original",
    "orijinal mesaj",
    "özgün ileti",
    "algne kiri",
    "исходное сообщение",
    "оригинальное сообщение",
    "оригінальне повідомлення",
    "αρχικό μήνυμα",
    "元のメッセージ",
    "オリジナルメッセージ",
    "原始邮件",
    "原始郵件",
    "원본 메시지",
    "original appointment",
    "izvorna poruka",
    "antwoord bericht",
};

static const char *const forwards[] = {
    "forwarded message",
    "forwarded email",
    "forwarded by",
    "begin forwarded message",
    "start of forwarded message",
    "välitetty viesti",
    "edelleenlähetetty viesti",
    "välitetty viesti alkaa",
    "vidarebefordrat meddelande",
    "vidarebefordrat brev",
    "videresendt meddelelse",
    "videresendt melding",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten nachricht",
    "doorgestuurd bericht",
    "begin doorgestuurd bericht",
    "message transféré",
    "message transmis",
    "début du message réexpédié",
    "mensaje reenviado",
    "inicio del mensaje reenviado",
    "messaggio inoltrato",
    "inizio messaggio inoltrato",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "wiadomość przekazana",
    "przekazana wiadomość",
    "přeposlaná zpráva",
    "továbbított üzenet",
    "mesaj redirecționat",
    "iletilen mesaj",
    "edastatud kiri",
    "пересылаемое сообщение",
    "пересланное сообщение",
    "переслане повідомлення",
    "προωθημένο μήνυμα",
    "転送されたメッセージ",
    "转发的邮件",
    "轉寄的郵件",
    "전달된 메시지",
};

static const char *const reply_lines[] = {
    "reply above this line",
    "type your reply above this line",
    "please reply above this line",
    "write above this line",
    "respond above this line",
    "vastaa tämän rivin yläpuolelle",
    "svara ovanför denna rad",
    "bitte antworten sie oberhalb dieser linie",
    "please type your reply above this line",
};

static gboolean list_has(const char *const *list, gsize size, const char *text) {
    for (gsize at = 0; at < size; at++) {
        if (g_str_equal(list[at], text)) {
            return TRUE;
        }
    }
    return FALSE;
}

// The text between dashes and other marks; *marks counts those before it.
static char *strip_marks(char *text, gsize *marks) {
    *marks = strspn(text, "-_=*#<> ");
    text += *marks;
    gsize length = strlen(text);
    while (length > 0 && strchr("-_=*#<>: ", text[length - 1])) {
        length--;
    }
    text[length] = '\0';
    return text;
}

// A cheap look: delimiters begin with marks (behind blanks, plain or not) or end with a colon.
static gboolean may_delimit(const ReplyLine *line) {
    return line->length > 0 && (strchr("-_=*#<> \t\xc2\xe2\xe3", line->start[0]) ||
                                line->start[line->length - 1] == ':');
}

DelimiterKind reply_delimiter_match(const ReplyLine *line) {
    if (!may_delimit(line)) {
        return DELIMITER_NONE;
    }
    g_autofree char *folded = reply_line_fold(line, 120);
    if (!folded || !*folded) {
        return DELIMITER_NONE;
    }
    gboolean colon = g_str_has_suffix(folded, ":");
    gsize marks;
    const char *text = strip_marks(folded, &marks);
    if (marks >= 2 && list_has(originals, G_N_ELEMENTS(originals), text)) {
        return DELIMITER_ORIGINAL;
    }
    if ((marks >= 2 || colon) && list_has(forwards, G_N_ELEMENTS(forwards), text)) {
        return DELIMITER_FORWARDED;
    }
    if (marks >= 2 && list_has(reply_lines, G_N_ELEMENTS(reply_lines), text)) {
        return DELIMITER_REPLY_LINE;
    }
    return DELIMITER_NONE;
}

// The name of a header line, between bars, or NULL: "*From:* Bob", "De : Bob", "件名：...".
static char *header_name(const ReplyLine *line) {
    g_autofree char *head = g_strndup(line->start, MIN(line->length, NAME_BYTES_MAX));
    char *colon = strchr(head, ':');
    char *wide = strstr(head, "：");
    char *end = !colon || (wide && wide < colon) ? wide : colon;
    if (!end) {
        return NULL;
    }
    *end = '\0';
    if (!g_utf8_validate(head, -1, NULL)) {
        return NULL;
    }
    ReplyLine name = {head, strlen(head)};
    g_autofree char *folded = reply_line_fold(&name, NAME_BYTES_MAX);
    gsize marks;
    const char *text = strip_marks(folded, &marks);
    return *text && !strchr(text, '|') ? g_strconcat("|", text, "|", NULL) : NULL;
}

guint reply_header_kind(const ReplyLine *line) {
    g_autofree char *name = header_name(line);
    for (gsize at = 0; name && at < G_N_ELEMENTS(header_names); at++) {
        if (strstr(header_names[at].names, name)) {
            return header_names[at].kind;
        }
    }
    return 0;
}

// The next header line within reach: behind one blank line or a few continuation lines. 0: none.
static guint next_header(const GArray *lines, guint at, guint *kind) {
    gboolean blank = FALSE;
    for (guint step = 0; step <= CONTINUATION_LINES_MAX && at + step < lines->len; step++) {
        const ReplyLine *line = &g_array_index(lines, ReplyLine, at + step);
        *kind = reply_header_kind(line);
        if (*kind) {
            return at + step;
        }
        if (reply_line_is_blank(line) ? step > 0 : blank) {
            return 0;
        }
        blank |= reply_line_is_blank(line);
    }
    return 0;
}

// "Date: Wed, 16 May 2012 00:15:02": a time and a year. Customers write days.
static gboolean has_full_date(const GArray *lines, guint start, guint end) {
    for (guint at = start; at < end; at++) {
        const ReplyLine *line = &g_array_index(lines, ReplyLine, at);
        gboolean time = FALSE;
        gboolean year = FALSE;
        for (gsize place = 0; place + 4 < line->length; place++) {
            const char *text = line->start + place;
            time |= g_ascii_isdigit(text[0]) && text[1] == ':' && g_ascii_isdigit(text[2]) &&
                    g_ascii_isdigit(text[3]);
            year |= (text[0] == ' ' || text[0] == '.' || text[0] == '/') &&
                    (strncmp(text + 1, "19", 2) == 0 || strncmp(text + 1, "20", 2) == 0) &&
                    g_ascii_isdigit(text[3]) && g_ascii_isdigit(text[4]);
        }
        if (time && year && reply_header_kind(line) == HEADER_DATE) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean has_address(const GArray *lines, guint start, guint end) {
    const ReplyLine *last = &g_array_index(lines, ReplyLine, end - 1);
    const char *from = g_array_index(lines, ReplyLine, start).start;
    return memchr(from, '@', (gsize)(last->start + last->length - from)) != NULL;
}

// "From: Helsinki, To: Oulu, Date: 4.5." is a customer's wish, no mail: without a delimiter there
// must be a subject or an address too.
static gboolean kinds_suffice(guint kinds, gboolean after_delimiter, gboolean address) {
    guint dated = kinds & HEADER_DATE;
    guint subject = kinds & HEADER_SUBJECT;
    guint to = kinds & HEADER_TO;
    if (!(kinds & HEADER_FROM)) {
        return after_delimiter && subject && (dated || to);
    }
    if (after_delimiter) {
        return dated || subject || to;
    }
    return (dated && subject) || (dated && to && address) || (to && subject && address);
}

gboolean reply_headers_match(const GArray *lines, guint at, gboolean after_delimiter, guint *end) {
    guint kind = reply_header_kind(&g_array_index(lines, ReplyLine, at));
    if (kind == 0 || kind == HEADER_OTHER) {
        return FALSE;
    }
    guint start = at;
    guint kinds = 0;
    while (kind && at < start + BLOCK_LINES_MAX) {
        kinds |= kind;
        *end = ++at;
        guint next = next_header(lines, at, &kind);
        if (next == 0) {
            break;
        }
        at = next;
    }
    // The last header may be folded too, up to the blank line.
    for (guint step = 0; step < CONTINUATION_LINES_MAX && *end < lines->len; step++) {
        const ReplyLine *line = &g_array_index(lines, ReplyLine, *end);
        if (line->length == 0 || !strchr(" \t", line->start[0])) {
            break;
        }
        (*end)++;
    }
    gboolean address = has_address(lines, start, *end);
    gboolean dated = (kinds & HEADER_FROM) && (kinds & HEADER_DATE);
    return kinds_suffice(kinds, after_delimiter, address) ||
           (dated && address && has_full_date(lines, start, *end));
}
