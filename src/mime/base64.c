#include "mime/base64.h"

#define JUNK 64
#define PADDING 65

static const guchar *digit_values(void) {
    static guchar values[256];
    static gsize made;
    if (g_once_init_enter(&made)) {
        static const char digits[] =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (gsize at = 0; at < sizeof values; at++)
            values[at] = JUNK;
        for (guchar at = 0; at < 64; at++)
            values[(guchar)digits[at]] = at;
        values['='] = PADDING;
        g_once_init_leave(&made, 1);
    }
    return values;
}

// The whole bytes in count digits (2 or 3) at the end of a piece.
static char *flush(char *to, guint32 bits, guint count) {
    if (count == 2)
        *to++ = (char)(bits >> 4);
    if (count == 3) {
        *to++ = (char)(bits >> 10);
        *to++ = (char)(bits >> 2);
    }
    return to;
}

char *base64_decode(const char *text, gsize length, gsize *size) {
    const guchar *values = digit_values();
    char *data = g_malloc(length / 4 * 3 + 4);
    char *to = data;
    guint32 bits = 0;
    guint count = 0;
    for (gsize at = 0; at < length; at++) {
        guchar value = values[(guchar)text[at]];
        if (value < 64) {
            bits = bits << 6 | value;
            if (++count == 4) {
                *to++ = (char)(bits >> 16);
                *to++ = (char)(bits >> 8);
                *to++ = (char)bits;
                count = 0;
            }
        } else if (value == PADDING) {
            to = flush(to, bits, count);
            count = 0;
        }
    }
    to = flush(to, bits, count);
    *size = (gsize)(to - data);
    return data;
}
