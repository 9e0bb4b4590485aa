#include "mime/address_list.h"

#include <string.h>

#include "mime/charset.h"
#include "mime/header_text.h"
#include "mime/mail_decode.h"

#define ADDRESSES_MAXIMUM 1000

// What has been read of one mailbox so far.
typedef struct {
    GString *phrase;  // words outside <> and (): the name, or the bare address; quotes removed
    GString *route;   // as phrase, with quotes as written, for a bare address
    GString *address; // between < and >
    GString *comment;
    gboolean has_address;
    gboolean has_quoted;
    GString *held; // "Doe" of the unquoted "Doe, John <...>"
    GPtrArray *parties;
} Mailbox;

static void mailbox_reset(Mailbox *mailbox) {
    g_string_truncate(mailbox->phrase, 0);
    g_string_truncate(mailbox->route, 0);
    g_string_truncate(mailbox->address, 0);
    g_string_truncate(mailbox->comment, 0);
    mailbox->has_address = FALSE;
    mailbox->has_quoted = FALSE;
}

static char *without_blanks(const char *text) {
    char *result = charset_to_utf8(NULL, text, strlen(text));
    char *to = result;
    gboolean is_quoted = FALSE;
    for (const char *from = result; *from != '\0'; from++) {
        if (*from == '"')
            is_quoted = !is_quoted;
        if (is_quoted ? (guchar)*from >= 32 : (guchar)*from > 32)
            *to++ = *from;
    }
    *to = '\0';
    return result;
}

// "<@relay:user@host>" is user@host (RFC 5322 obs-route).
static const char *without_route(const char *address) {
    const char *colon = address[0] == '@' ? strchr(address, ':') : NULL;
    address = colon != NULL ? colon + 1 : address;
    return g_ascii_strncasecmp(address, "mailto:", 7) == 0 ? address + 7 : address;
}

// The name without quotes around it, which some mailers encode along with it.
static char *name_decode(const GString *text) {
    g_autofree char *name = header_text_decode(text->str);
    gsize length = strlen(name);
    char *from = name;
    while (length > 1 && (from[0] == '\'' || from[0] == '"') && from[length - 1] == from[0]) {
        from++;
        length -= 2;
    }
    return length > 0 ? g_strndup(from, length) : NULL;
}

static void party_add(Mailbox *mailbox, const char *address, const GString *name) {
    g_autofree char *clean = without_blanks(without_route(address));
    g_autofree char *shown = name_decode(name);
    if (clean[0] == '\0' && shown == NULL)
        return;
    if (mailbox->parties->len < ADDRESSES_MAXIMUM)
        g_ptr_array_add(mailbox->parties, party_new(clean, shown));
}

// "=?utf-8?Q?Anna_=3Canna=40example.com=3E?=": all of the mailbox in an encoded word.
static gboolean party_add_encoded(Mailbox *mailbox) {
    g_autofree char *text = header_text_decode(mailbox->phrase->str);
    char *open = strrchr(text, '<');
    char *close = open != NULL ? strchr(open, '>') : NULL;
    if (strstr(mailbox->phrase->str, "=?") == NULL)
        return FALSE;
    if (close == NULL || memchr(open, '@', (gsize)(close - open)) == NULL) {
        if (strchr(text, '@') == NULL || strchr(text, ' ') != NULL)
            return FALSE;
        g_string_truncate(mailbox->comment, 0);
        party_add(mailbox, text, mailbox->comment);
        return TRUE;
    }
    *open = *close = '\0';
    g_string_assign(mailbox->phrase, g_strstrip(text));
    party_add(mailbox, open + 1, mailbox->phrase);
    return TRUE;
}

// "anna@example.com Anna", "Anna anna@example.com": the word with the "@" is the address.
static gboolean party_add_word(Mailbox *mailbox) {
    const char *at = strchr(mailbox->route->str, '@');
    if (at == NULL || mailbox->has_quoted)
        return FALSE;
    g_auto(GStrv) words = g_strsplit_set(mailbox->route->str, " \t", 100);
    g_autofree char *address = NULL;
    g_autoptr(GString) name = g_string_new(NULL);
    for (char **word = words; *word != NULL; word++) {
        char *mark = strchr(*word, '@');
        if (address == NULL && mark != NULL && mark > *word && mark[1] != '\0')
            address = g_strdup(*word);
        else if (**word != '\0')
            g_string_append_printf(name, "%s%s", name->len > 0 ? " " : "", *word);
    }
    if (address == NULL || name->len == 0)
        return FALSE;
    party_add(mailbox, address, name);
    return TRUE;
}

// Without "@" it is a name ("MAILER-DAEMON", "undisclosed recipients").
static void mailbox_end_bare(Mailbox *mailbox) {
    if (party_add_encoded(mailbox) || party_add_word(mailbox))
        return;
    if (strchr(mailbox->route->str, '@') != NULL)
        party_add(mailbox, mailbox->route->str, mailbox->comment);
    else
        party_add(mailbox, "", mailbox->phrase);
}

// A name without an address before a comma belongs to the mailbox behind it.
static gboolean mailbox_hold(Mailbox *mailbox, char separator, const char *rest) {
    if (separator != ',' || mailbox->has_address || mailbox->phrase->len == 0 ||
        strchr(mailbox->route->str, '@') != NULL || strstr(mailbox->phrase->str, "=?") != NULL)
        return FALSE;
    gsize next = strcspn(rest, "<,;@");
    if (rest[next] != '<' || next == 0)
        return FALSE;
    g_string_append_printf(mailbox->held, "%s, ", g_strstrip(mailbox->phrase->str));
    mailbox_reset(mailbox);
    return TRUE;
}

// "<Anna> anna@example.com" has them the other way round.
static void mailbox_end_angle(Mailbox *mailbox) {
    gboolean is_turned = strchr(mailbox->address->str, '@') == NULL &&
                         strchr(mailbox->phrase->str, '@') != NULL &&
                         strchr(mailbox->phrase->str, ' ') == NULL;
    if (is_turned)
        party_add(mailbox, mailbox->phrase->str, mailbox->address);
    else
        party_add(mailbox, mailbox->address->str,
                  mailbox->phrase->len > 0 ? mailbox->phrase : mailbox->comment);
}

static void mailbox_end(Mailbox *mailbox, char separator, const char *rest) {
    if (mailbox_hold(mailbox, separator, rest))
        return;
    if (mailbox->has_address) {
        g_strstrip(mailbox->phrase->str);
        mailbox->phrase->len = strlen(mailbox->phrase->str);
        if (mailbox->phrase->len > 0)
            g_string_prepend(mailbox->phrase, mailbox->held->str);
        mailbox_end_angle(mailbox);
    } else if (mailbox->route->len > 0) {
        mailbox_end_bare(mailbox);
    }
    g_string_truncate(mailbox->held, 0);
    mailbox_reset(mailbox);
}

// A quoted string: without quotes in the phrase, with them in a bare address.
static const char *read_quoted(Mailbox *mailbox, const char *at) {
    if (strchr(at + 1, '"') == NULL)
        return at + 1; // never closed
    g_string_append_c(mailbox->route, '"');
    mailbox->has_quoted = TRUE;
    for (at++; *at != '\0' && *at != '"'; at++) {
        if (*at == '\\' && at[1] != '\0')
            g_string_append_c(mailbox->route, *at++);
        g_string_append_c(mailbox->phrase, *at);
        g_string_append_c(mailbox->route, *at);
    }
    g_string_append_c(mailbox->route, '"');
    return *at == '"' ? at + 1 : at;
}

static const char *read_comment(Mailbox *mailbox, const char *at) {
    guint depth = 1;
    if (mailbox->comment->len > 0)
        g_string_append_c(mailbox->comment, ' ');
    for (at++; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (*at == '(')
            depth++;
        else if (*at == ')' && --depth == 0)
            return at + 1;
        g_string_append_c(mailbox->comment, *at);
    }
    return at;
}

static const char *read_angle(Mailbox *mailbox, const char *at) {
    at += strspn(at, "<");
    g_string_truncate(mailbox->address, 0);
    gboolean is_quoted = FALSE;
    for (; *at != '\0' && (is_quoted || (*at != '>' && *at != '<')); at++) {
        const char *close = *at == '(' && !is_quoted ? strpbrk(at, ")>") : NULL;
        if (close != NULL && *close == ')') {
            at = close; // a comment within
            continue;
        }
        if (*at == '"')
            is_quoted = !is_quoted;
        g_string_append_c(mailbox->address, *at);
    }
    mailbox->has_address = TRUE;
    return at + strspn(at, ">");
}

static const char *read_text(Mailbox *mailbox, const char *at) {
    const char *end = at + 1;
    gboolean is_blank = *at == ' ' || *at == '\t';
    if (is_blank &&
        (mailbox->phrase->len == 0 || mailbox->phrase->str[mailbox->phrase->len - 1] == ' '))
        return end;
    header_text_is_word(at, &end);
    g_string_append_len(mailbox->phrase, at, end - at);
    g_string_append_len(mailbox->route, at, end - at);
    return end;
}

// The group's name goes; a colon within an address stays.
static const char *read_colon(Mailbox *mailbox, const char *at) {
    if (strchr(mailbox->route->str, '@') == NULL && !mailbox->has_address &&
        g_ascii_strcasecmp(mailbox->route->str, "mailto") != 0)
        mailbox_reset(mailbox);
    else
        read_text(mailbox, at);
    return at + 1;
}

static const char *read_step(Mailbox *mailbox, const char *at) {
    switch (*at) {
    case '"':
        return read_quoted(mailbox, at);
    case '(':
        return read_comment(mailbox, at);
    case '<':
        return read_angle(mailbox, at);
    case '>':
        return at + 1;
    case ':':
        return read_colon(mailbox, at);
    case ',':
    case ';':
        mailbox_end(mailbox, *at, at + 1);
        return at + 1;
    default:
        return read_text(mailbox, at);
    }
}

void address_list_parse(const char *value, GPtrArray *parties) {
    g_autofree char *bounded = g_strndup(value, MAIL_ADDRESS_BYTES_MAXIMUM);
    Mailbox mailbox = {g_string_new(NULL),
                       g_string_new(NULL),
                       g_string_new(NULL),
                       g_string_new(NULL),
                       FALSE,
                       FALSE,
                       g_string_new(NULL),
                       parties};
    for (const char *at = bounded; *at != '\0';)
        at = read_step(&mailbox, at);
    mailbox_end(&mailbox, '\0', "");
    g_string_free(mailbox.phrase, TRUE);
    g_string_free(mailbox.route, TRUE);
    g_string_free(mailbox.address, TRUE);
    g_string_free(mailbox.comment, TRUE);
    g_string_free(mailbox.held, TRUE);
}

char *address_find(const char *text) {
    const char *at = strchr(text, '@');
    if (at == NULL)
        return NULL;
    static const char stops[] = " \t\r\n<>()[]\",;:'";
    const char *start = at;
    while (start > text && strchr(stops, start[-1]) == NULL)
        start--;
    gsize length = strcspn(at, stops);
    if (start == at || length < 2)
        return NULL;
    while (length > 1 && strchr(".!?", at[length - 1]) != NULL)
        length--;
    return g_strndup(start, (gsize)(at - start) + length);
}
