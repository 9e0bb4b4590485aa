#include "reports/csv.h"
#include "reports/response_write.h"

static const char *const series_columns[] = {"n",          "median_s",          "p90_s",
                                             "p95_s",      "maximum_s",         "mean_s",
                                             "survival_n", "survival_median_s", "survival_p90_s"};

static void add_prefixed(GString *csv, const char *prefix, const char *name) {
    g_autofree char *column = g_strdup_printf("%s%s", prefix, name);
    csv_add_text(csv, column);
}

static void write_names(const ResponseReport *report, GString *csv) {
    for (gsize at = 0; at < report->query.cut_count; at++) {
        csv_add_text(csv, cut_name(report->query.cuts[at]));
        add_prefixed(csv, cut_name(report->query.cuts[at]), "_name");
    }
    csv_add_text(csv, "waits_of_kind");
    csv_add_text(csv, "waits");
    for (gsize at = 0; at < G_N_ELEMENTS(series_columns); at++)
        csv_add_text(csv, series_columns[at]);
    csv_add_text(csv, "open");
    csv_add_text(csv, "dismissed");
    csv_add_text(csv, "dismissed_under_minute");
    csv_add_text(csv, "answered_elsewhere");
    for (gsize at = 0; at < G_N_ELEMENTS(series_columns); at++)
        add_prefixed(csv, "business_", series_columns[at]);
    csv_add_text(csv, "list");
    csv_end_line(csv);
}

static void write_quantile(GString *csv, SurvivalQuantile quantile, gboolean is_present) {
    if (!is_present) {
        csv_add_text(csv, "");
    } else if (quantile.is_reached) {
        csv_add_duration(csv, quantile.length);
    } else {
        g_autofree char *length = csv_duration_text(quantile.length);
        g_autofree char *cell = g_strconcat("> ", length, NULL);
        csv_add_text(csv, cell);
    }
}

static void write_series(GString *csv, Series *series) {
    SeriesFigures figures = series_read(series);
    const gint64 lengths[] = {figures.median, figures.p90, figures.p95, figures.maximum,
                              figures.mean};
    csv_add_int(csv, (gint64)figures.n);
    for (gsize at = 0; at < G_N_ELEMENTS(lengths); at++)
        csv_add_duration(csv, figures.n == 0 ? DURATION_NONE : lengths[at]);
    csv_add_int(csv, (gint64)figures.cohort_n);
    write_quantile(csv, figures.survival_median, figures.cohort_n > 0);
    write_quantile(csv, figures.survival_p90, figures.cohort_n > 0);
}

static void write_keys(const ResponseReport *report, const ResponseGroup *group,
                       const ResponseNames *names, GString *csv) {
    gboolean is_total = group == report->total;
    for (gsize at = 0; at < report->query.cut_count; at++) {
        const CutKey *key = &group->keys[at];
        csv_add_text(csv, is_total ? "total" : key->text);
        csv_add_text(csv,
                     is_total ? "total" : response_names_label(names, report->query.cuts[at], key));
    }
}

static void write_set(const ResponseReport *report, ResponseGroup *group,
                      const ResponseNames *names, FigureSet set, GString *csv) {
    WaitFigures *figures = &group->sets[set];
    WaitFilter filter = response_filter(report, group == report->total ? NULL : group, set,
                                        report->query.filter.period);
    g_autofree char *url = wait_filter_url(&filter);
    write_keys(report, group, names, csv);
    csv_add_text(csv, figure_set_name(set));
    csv_add_int(csv, figures->waits);
    write_series(csv, &figures->elapsed);
    csv_add_int(csv, figures->open);
    csv_add_int(csv, figures->dismissed);
    csv_add_int(csv, figures->dismissed_under_minute);
    csv_add_int(csv, figures->elsewhere);
    write_series(csv, &figures->business);
    csv_add_text(csv, url);
    csv_end_line(csv);
}

void response_write_csv(ResponseReport *report, const ResponseNames *names, GString *csv) {
    write_names(report, csv);
    for (guint at = 0; at < report->groups->len; at++)
        for (int set = 0; set < FIGURES_SETS; set++)
            write_set(report, g_ptr_array_index(report->groups, at), names, (FigureSet)set, csv);
    for (int set = 0; set < FIGURES_SETS; set++)
        write_set(report, report->total, names, (FigureSet)set, csv);
}
