#include "reports/response_distribution.h"

#define MINUTE G_GINT64_CONSTANT(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

// Where classes begin; the last has no end.
static const gint64 edges[] = {
    0,        MINUTE,   5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR,
    2 * HOUR, 4 * HOUR, 8 * HOUR,   DAY,         3 * DAY,     7 * DAY,
};

static gint64 edge_after(gsize at) {
    return at + 1 < G_N_ELEMENTS(edges) ? edges[at + 1] : 0;
}

gsize response_distribution_count(const GArray *lengths, gint64 from, gint64 below) {
    gsize count = 0;
    for (guint at = 0; at < lengths->len; at++) {
        gint64 length = g_array_index(lengths, gint64, at);
        count += length >= from && (below == 0 || length < below);
    }
    return count;
}

static void write_list(const ResponseReport *report, gboolean is_business, gsize at,
                       JsonText *text) {
    WaitFilter filter = response_filter(report, NULL, FIGURES_ALL, report->query.filter.period);
    gint64 *from = is_business ? &filter.business_at_least_ms : &filter.at_least_ms;
    gint64 *below = is_business ? &filter.business_shorter_than_ms : &filter.shorter_than_ms;
    filter.state = WAIT_ANSWERED;
    *from = MAX(*from, edges[at]);
    if (edge_after(at) != 0)
        *below = *below == FILTER_ANY ? edge_after(at) : MIN(*below, edge_after(at));
    g_autofree char *url = wait_filter_url(&filter);
    json_text_add_text(text, "list", url);
}

static void write_classes(const ResponseReport *report, gboolean is_business, JsonText *text) {
    const WaitFigures *all = &report->total->sets[FIGURES_ALL];
    const GArray *lengths = is_business ? all->business.lengths : all->elapsed.lengths;
    json_text_begin_array(text, is_business ? "business" : "elapsed");
    for (gsize at = 0; at < G_N_ELEMENTS(edges); at++) {
        gsize count = response_distribution_count(lengths, edges[at], edge_after(at));
        json_text_begin_object(text, NULL);
        json_text_add_int(text, "from_ms", edges[at]);
        if (edge_after(at) == 0)
            json_text_add_null(text, "below_ms");
        else
            json_text_add_int(text, "below_ms", edge_after(at));
        json_text_add_int(text, "n", (gint64)count);
        write_list(report, is_business, at, text);
        json_text_end_object(text);
    }
    json_text_end_array(text);
}

void response_distribution_write(const ResponseReport *report, JsonText *text) {
    json_text_begin_object(text, "distribution");
    write_classes(report, FALSE, text);
    if (report->total->sets[FIGURES_ALL].business.lengths->len == 0)
        json_text_add_null(text, "business");
    else
        write_classes(report, TRUE, text);
    json_text_end_object(text);
}
