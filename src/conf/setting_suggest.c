#include <string.h>

#include "conf/setting.h"

#define NAME_MAX_COMPARED 40
#define DISTANCE_MAX 3 // more is another word

// Levenshtein's distance of two short words; DISTANCE_MAX + 1 for long ones.
static guint distance(const char *a, const char *b) {
    gsize a_length = strlen(a);
    gsize b_length = strlen(b);
    if (a_length > NAME_MAX_COMPARED || b_length > NAME_MAX_COMPARED)
        return DISTANCE_MAX + 1;
    guint row[NAME_MAX_COMPARED + 1];
    for (guint j = 0; j <= b_length; j++)
        row[j] = j;
    for (guint i = 1; i <= a_length; i++) {
        guint diagonal = row[0];
        row[0] = i;
        for (guint j = 1; j <= b_length; j++) {
            guint changed = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = MIN(changed, MIN(row[j], row[j - 1]) + 1);
        }
    }
    return row[b_length];
}

const char *setting_suggest(const char *section, const char *name) {
    const char *best = NULL;
    guint best_distance = DISTANCE_MAX + 1;
    for (const Setting *setting = settings; setting->section != NULL; setting++) {
        if (section != NULL && strcmp(setting->section, section) != 0)
            continue;
        const char *candidate = section != NULL ? setting->key : setting->section;
        guint its_distance = distance(name, candidate);
        if (its_distance < best_distance) {
            best = candidate;
            best_distance = its_distance;
        }
    }
    return best;
}
