#include "store/search_words.h"

#include <string.h>

#define RUN_BYTES_MAX 512 // letters without a break; longer runs are cut here

typedef struct {
    WordSink sink;
    gpointer data;
    gboolean is_ended;
    gsize length; // of run
    gboolean is_ascii;
    char run[RUN_BYTES_MAX + 8];
} Splitter;

typedef struct {
    gunichar first;
    gunichar last;
} Range;

// Scripts that are written without spaces and searched by pairs.
static const Range pair_ranges[] = {
    {0x1100, 0x11ff}, {0x3005, 0x3007}, {0x3040, 0x30ff}, {0x3130, 0x318f}, {0x31f0, 0x31ff},
    {0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xac00, 0xd7af}, {0xf900, 0xfaff}, {0x20000, 0x3ffff},
};

static gboolean is_paired(gunichar c) {
    for (gsize i = 0; i < G_N_ELEMENTS(pair_ranges); i++)
        if (c >= pair_ranges[i].first && c <= pair_ranges[i].last)
            return TRUE;
    return FALSE;
}

// Stand within words without being part of them: soft hyphen, zero width and direction marks.
static gboolean is_invisible(gunichar c) {
    return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x2060 && c <= 0x2064) || c == 0xfeff;
}

static void give(Splitter *splitter, const char *word, WordKind kind) {
    if (!splitter->is_ended && *word != '\0')
        splitter->is_ended = !splitter->sink(word, kind, splitter->data);
}

static void give_plain(Splitter *splitter, const char *start, gsize length) {
    char word[WORD_BYTES_MAX + 1];
    if (length > WORD_BYTES_MAX) {
        length = WORD_BYTES_MAX;
        while ((start[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(word, start, length);
    word[length] = '\0';
    give(splitter, word, WORD_PLAIN);
}

// A run of paired characters: each pair, and the last character alone.
static void give_pairs(Splitter *splitter, const char *start, const char *end) {
    while (start < end && !splitter->is_ended) {
        const char *second = g_utf8_next_char(start);
        const char *third = second < end ? g_utf8_next_char(second) : second;
        char word[16];
        gsize length = (gsize)(third - start);
        memcpy(word, start, length);
        word[length] = '\0';
        give(splitter, word, second < end ? WORD_PAIR : WORD_SINGLE);
        start = second;
    }
}

// Letters stand folded between start and end; other scripts are told apart here.
static void give_folded(Splitter *splitter, const char *start, const char *end) {
    while (start < end) {
        gboolean paired = is_paired(g_utf8_get_char(start));
        const char *stop = start;
        while (stop < end && is_paired(g_utf8_get_char(stop)) == paired)
            stop = g_utf8_next_char(stop);
        if (paired)
            give_pairs(splitter, start, stop);
        else
            give_plain(splitter, start, (gsize)(stop - start));
        start = stop;
    }
}

// å, ä and ö are letters of Finnish and Swedish; every other mark is dropped.
static gunichar letter_with_mark(gunichar letter, gunichar mark) {
    if (mark == 0x308)
        return letter == 'a' ? 0xe4 : letter == 'o' ? 0xf6 : letter;
    return mark == 0x30a && letter == 'a' ? 0xe5 : letter;
}

// Decomposed and case folded text to our letters; whatever is no letter becomes a space.
static char *letters_of(const char *decomposed) {
    GString *letters = g_string_new(NULL);
    gsize last = 0; // where the last letter stands
    for (const char *at = decomposed; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_ismark(c) && !is_paired(c)) {
            if (letters->len == 0)
                continue;
            gunichar marked = letter_with_mark(g_utf8_get_char(letters->str + last), c);
            g_string_truncate(letters, last);
            g_string_append_unichar(letters, marked);
            continue;
        }
        last = letters->len;
        g_string_append_unichar(letters, g_unichar_isalnum(c) || is_paired(c) ? c : ' ');
    }
    return g_string_free(letters, FALSE);
}

static char *fold(const char *run) {
    g_autofree char *folded = g_utf8_casefold(run, -1);
    g_autofree char *decomposed = g_utf8_normalize(folded, -1, G_NORMALIZE_NFKD);
    g_autofree char *again = g_utf8_casefold(decomposed, -1); // NFKD can bring capitals
    g_autofree char *letters = letters_of(again);
    return g_utf8_normalize(letters, -1, G_NORMALIZE_NFC); // Hangul in syllables again
}

static void run_fold(Splitter *splitter) {
    g_autofree char *folded = fold(splitter->run);
    const char *start = folded;
    while (*start != '\0') {
        const char *end = start + strcspn(start, " ");
        give_folded(splitter, start, end);
        start = *end == ' ' ? end + 1 : end;
    }
}

static void run_end(Splitter *splitter) {
    if (splitter->length == 0)
        return;
    splitter->run[splitter->length] = '\0';
    if (splitter->is_ascii)
        give_plain(splitter, splitter->run, splitter->length);
    else
        run_fold(splitter);
    splitter->length = 0;
    splitter->is_ascii = TRUE;
}

static void ascii_take(Splitter *splitter, char c) {
    if (!g_ascii_isalnum(c)) {
        run_end(splitter);
        return;
    }
    splitter->run[splitter->length++] = g_ascii_tolower(c);
    if (splitter->length >= RUN_BYTES_MAX)
        run_end(splitter);
}

static void unichar_take(Splitter *splitter, gunichar c) {
    if (is_invisible(c))
        return;
    if (!g_unichar_isalnum(c) && !g_unichar_ismark(c) && !is_paired(c)) {
        run_end(splitter);
        return;
    }
    splitter->is_ascii = FALSE;
    splitter->length += (gsize)g_unichar_to_utf8(c, splitter->run + splitter->length);
    if (splitter->length >= RUN_BYTES_MAX)
        run_end(splitter);
}

void search_words_split(const char *text, WordSink sink, gpointer data) {
    Splitter splitter = {.sink = sink, .data = data, .is_ascii = TRUE};
    while (*text != '\0' && !splitter.is_ended) {
        if ((*text & 0x80) == 0) {
            ascii_take(&splitter, *text++);
            continue;
        }
        gunichar c = g_utf8_get_char_validated(text, -1);
        if (c >= (gunichar)-2) {
            run_end(&splitter);
            text++;
            continue;
        }
        unichar_take(&splitter, c);
        text = g_utf8_next_char(text);
    }
    run_end(&splitter);
}
