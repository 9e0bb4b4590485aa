// The words of the search language in English, Finnish and Swedish: names of operators and of
// values, one table each, rows with spaces between words of one meaning. Used by search_query.c
// alone; pure.
#pragma once

#include "model/search_query.h"

typedef enum {
    OPERATOR_PLACE,    // detail: SearchPlace; a term
    OPERATOR_NAME,     // detail: SearchFilterKind; a name as value
    OPERATOR_PERSON,   // detail: SearchFilterKind; a name, me or none
    OPERATOR_PERIOD,   // detail: SearchFilterKind; a date, a range or an age
    OPERATOR_DAY,      // detail: SearchFilterKind; an instant
    OPERATOR_NUMBER,   // detail: SearchFilterKind
    OPERATOR_PRIORITY, //
    OPERATOR_SLA,      // sla:
    OPERATOR_IS,       // is:
    OPERATOR_HAS,      // has:
    OPERATOR_PARTICIPANT,
    OPERATOR_FIELD,
} OperatorShape;

typedef struct {
    const char *names;
    OperatorShape shape;
    int detail;
} SearchOperator;

// A value that stands for itself, in any of the languages.
typedef struct {
    const char *names; // the first is the canonical one
    int detail;
    gint64 number;
} SearchWord;

extern const SearchWord search_is_words[];       // detail: SearchFilterKind
extern const SearchWord search_has_words[];      // detail: SearchFilterKind; -1: a file
extern const SearchWord search_person_words[];   // detail: SearchWho
extern const SearchWord search_priority_words[]; // number: the priority
extern const SearchWord search_sla_words[];      // number: SearchDue
extern const SearchWord search_or_words[];
extern const SearchWord search_units[]; // number: milliseconds

// name is lower case, of that many bytes. NULL: none.
const SearchOperator *search_operator_find(const char *name);

// The row that has the word (lower case); NULL: none.
const SearchWord *search_word_find(const SearchWord *words, const char *word);

// Its canonical name. Owned.
char *search_word_name(const SearchWord *word) G_GNUC_WARN_UNUSED_RESULT;
