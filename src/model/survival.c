#include "model/survival.h"

#include <stdlib.h>

// S(t) as a product of fractions. Between two censored times the fractions cancel out, so there are
// as many as there are runs of ended waits.
typedef struct {
    guint64 numerator, denominator;
} Fraction;

// Relative error of a product of 10 million fractions in long double is below this.
#define UNCERTAIN 1e-9L

static int time_compare(const void *a, const void *b) {
    const SurvivalTime *x = a, *y = b;
    if (x->length != y->length)
        return x->length < y->length ? -1 : 1;
    return (int)y->is_ended - (int)x->is_ended;
}

void survival_sort(SurvivalTime *times, gsize count) {
    if (count > 1)
        qsort(times, count, sizeof *times, time_compare);
}

// A natural number in digits of 32 bits, least first, times a factor.
static void natural_multiply(GArray *digits, guint64 factor) {
    guint64 low = factor & G_MAXUINT32;
    guint64 carry = 0;
    g_assert(factor == low); // counts of waits and 100 are below 2^32
    for (guint at = 0; at < digits->len; at++) {
        guint64 product = g_array_index(digits, guint32, at) * low + carry;
        g_array_index(digits, guint32, at) = (guint32)product;
        carry = product >> 32;
    }
    guint32 last = (guint32)carry;
    if (last != 0)
        g_array_append_val(digits, last);
}

static int natural_compare(const GArray *a, const GArray *b) {
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    for (guint at = a->len; at > 0; at--) {
        guint32 x = g_array_index(a, guint32, at - 1), y = g_array_index(b, guint32, at - 1);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

static GArray *natural_new(guint32 value) {
    GArray *digits = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_array_append_val(digits, value);
    return digits;
}

// product of the fractions <= share/100, exactly.
static gboolean is_at_most_exactly(const GArray *fractions, guint share) {
    g_autoptr(GArray) left = natural_new(100), right = natural_new(share);
    for (guint at = 0; at < fractions->len; at++) {
        Fraction fraction = g_array_index(fractions, Fraction, at);
        natural_multiply(left, fraction.numerator);
        natural_multiply(right, fraction.denominator);
    }
    return natural_compare(left, right) <= 0;
}

static gboolean is_at_most(const GArray *fractions, long double product, guint share) {
    long double bound = share / 100.0L;
    if (product > bound * (1 + UNCERTAIN))
        return FALSE;
    if (product < bound * (1 - UNCERTAIN))
        return TRUE;
    return is_at_most_exactly(fractions, share);
}

// One more time with ended waits: before were at risk, after are left.
static void fractions_add(GArray *fractions, guint64 before, guint64 after) {
    Fraction *last =
        fractions->len == 0 ? NULL : &g_array_index(fractions, Fraction, fractions->len - 1);
    if (last != NULL && last->numerator == before) {
        last->numerator = after;
        return;
    }
    Fraction fraction = {after, before};
    g_array_append_val(fractions, fraction);
}

SurvivalQuantile survival_quantile(const SurvivalTime *times, gsize count, guint percent) {
    g_assert(percent > 0 && percent < 100 && count <= G_MAXUINT32);
    g_autoptr(GArray) fractions = g_array_new(FALSE, FALSE, sizeof(Fraction));
    long double product = 1;
    for (gsize at = 0; at < count;) {
        gsize next = at;
        while (next < count && times[next].length == times[at].length && times[next].is_ended)
            next++;
        if (next == at) {
            at++;
            continue;
        }
        fractions_add(fractions, count - at, count - next);
        product *= (long double)(count - next) / (long double)(count - at);
        if (is_at_most(fractions, product, 100 - percent))
            return (SurvivalQuantile){TRUE, times[at].length};
        at = next;
    }
    return (SurvivalQuantile){FALSE, count == 0 ? 0 : times[count - 1].length};
}
