#include "model/search_vocabulary.h"

#include <string.h>

static const SearchOperator operators[] = {
    {"from lähettäjä från", OPERATOR_PLACE, SEARCH_IN_SENDER},
    {"to vastaanottaja till", OPERATOR_PLACE, SEARCH_IN_RECIPIENT},
    {"subject aihe otsikko ämne", OPERATOR_PLACE, SEARCH_IN_SUBJECT},
    {"is on tila är", OPERATOR_IS, 0},
    {"has sisältää har", OPERATOR_HAS, 0},
    {"channel inbox kanava postilaatikko kanal inkorg", OPERATOR_NAME, SEARCH_CHANNEL},
    {"tag tunniste tagi tagg etikett", OPERATOR_NAME, SEARCH_TAG},
    {"agent assignee käsittelijä handläggare", OPERATOR_PERSON, SEARCH_AGENT},
    {"team tiimi grupp", OPERATOR_PERSON, SEARCH_TEAM},
    {"mentions maininta maininnat omnämner", OPERATOR_PERSON, SEARCH_MENTIONS},
    {"follower seuraaja följare", OPERATOR_PERSON, SEARCH_FOLLOWER},
    {"writer vastaaja skribent", OPERATOR_PERSON, SEARCH_WRITER},
    {"participant osallistuja deltagare", OPERATOR_PARTICIPANT, 0},
    {"field kenttä fält", OPERATOR_FIELD, 0},
    {"customer asiakas kund", OPERATOR_NAME, SEARCH_CUSTOMER},
    {"language kieli språk", OPERATOR_NAME, SEARCH_LANGUAGE},
    {"priority prioriteetti kiireellisyys prioritet", OPERATOR_PRIORITY, SEARCH_PRIORITY},
    {"sla palvelutaso", OPERATOR_SLA, SEARCH_SLA},
    {"number numero nummer", OPERATOR_NUMBER, SEARCH_NUMBER},
    {"created luotu skapad", OPERATOR_PERIOD, SEARCH_CREATED},
    {"updated päivitetty uppdaterad", OPERATOR_PERIOD, SEARCH_UPDATED},
    {"waiting odottanut väntat", OPERATOR_PERIOD, SEARCH_WAITED},
    {"before ennen före", OPERATOR_DAY, SEARCH_BEFORE},
    {"after jälkeen efter", OPERATOR_DAY, SEARCH_AFTER},
};

const SearchWord search_is_words[] = {
    {"open avoin avoimet öppen öppna", SEARCH_STATUS, 0},
    {"pending kesken avvaktande", SEARCH_STATUS, 0},
    {"snoozed torkutettu snoozad snoozade", SEARCH_STATUS, 0},
    {"resolved closed ratkaistu suljettu löst stängd", SEARCH_STATUS, 0},
    {"unassigned vapaa vapaat otilldelad", SEARCH_UNASSIGNED, 0},
    {"unread lukematon lukemattomat oläst olästa", SEARCH_UNREAD, 0},
    {"waiting odottaa odottava väntar väntande", SEARCH_WAITING, 0},
    {"mine oma omat min mina", SEARCH_AGENT, 0},
    {0},
};

const SearchWord search_has_words[] = {
    {"attachment liite bilaga", -1, 0},
    {"note muistiinpano anteckning", SEARCH_NOTE, 0},
    {"draft luonnos utkast", SEARCH_DRAFT, 0},
    {0},
};

const SearchWord search_person_words[] = {
    {"me mine minä minun omat jag mig mina", SEARCH_ME, 0},
    {"none nobody kukaan ei ingen", SEARCH_NOBODY, 0},
    {0},
};

const SearchWord search_priority_words[] = {
    {"low matala låg -1", 0, -1},
    {"normal normaali 0", 0, 0},
    {"high korkea hög 1", 0, 1},
    {"urgent kiireellinen brådskande 2", 0, 2},
    {0},
};

const SearchWord search_sla_words[] = {
    {"breached myöhässä försenad", 0, SEARCH_DUE_BREACHED},
    {"risk vaarassa vaara risken", 0, SEARCH_DUE_AT_RISK},
    {"any on finns", 0, SEARCH_DUE_ANY},
    {0},
};

const SearchWord search_or_words[] = {{"OR TAI ELLER |", 0, 0}, {0}};

#define MINUTE G_GINT64_CONSTANT(60000)

const SearchWord search_units[] = {
    {"m min", 0, MINUTE},
    {"h t tim", 0, 60 * MINUTE},
    {"d pv dygn", 0, 24 * 60 * MINUTE},
    {"w vk v", 0, 7 * 24 * 60 * MINUTE},
    {0},
};

static gboolean has_word(const char *names, const char *word) {
    gsize length = strlen(word);
    for (const char *at = names; *at != '\0'; at += strspn(at, " ")) {
        gsize here = strcspn(at, " ");
        if (here == length && memcmp(at, word, length) == 0)
            return TRUE;
        at += here;
    }
    return FALSE;
}

const SearchOperator *search_operator_find(const char *name) {
    for (gsize at = 0; at < G_N_ELEMENTS(operators); at++)
        if (has_word(operators[at].names, name))
            return &operators[at];
    return NULL;
}

const SearchWord *search_word_find(const SearchWord *words, const char *word) {
    for (; words->names != NULL; words++)
        if (has_word(words->names, word))
            return words;
    return NULL;
}

char *search_word_name(const SearchWord *word) {
    return g_strndup(word->names, strcspn(word->names, " "));
}
