/* What the readers of cases share. Internal to the reading of cases.txt. */
#pragma once
#include "arena.h"
#include "policy_cases.h"
#include "policy/policy_parts.h"

/* The most entries of a list in a case: parties, statements, signatures and so on. Items have a limit of their
   own. */
enum { CASE_LIST = 32 };

/* A case that is being read, and the words of its current field. */
struct case_reading {
    struct policy_reading *pack;
    struct arena *arena; /* in which the case lives */
    struct policy_case *one;
    struct day day;  /* of the question */
    bool meaningful; /* the rest of the pack is right: what follows from it can be judged */
    struct party *parties[CASE_LIST];
    size_t party_count;
    bool unsure_parties; /* one was refused */
    struct policy_field *field;
    struct policy_words words;
    char *word; /* the next word, not yet taken; NULL: there is none */
};

/* Starts with the words of a field, which is a part (policy_value.h). Of one that is missing there are none. */
void case_start (struct case_reading *self, struct policy_field *field);
/* Takes the word, and moves to the next. Fails if there is none: `what` says what should be here. */
char *case_take (struct case_reading *self, const char *what);
/* Takes the word only if it is this one. False if it is not. */
bool case_take_if (struct case_reading *self, const char *word);
/* Fails at the word that was not taken. */
void case_fail (struct case_reading *self, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/* Fails if a word is left. */
void case_end (struct case_reading *self);

/* Takes a day: "today", "-30" and "+14" (days from the day of the case), or "2026-06-15". */
struct day case_take_day (struct case_reading *self);
bool case_is_day (const char *word);
/* Takes the name of a party that the case declares, or a kind, which stands for a party of that kind. NULL after a
   failure. */
const struct party *case_take_party (struct case_reading *self);
/* Adds a party of this kind: active, with an agreement, and with the secrecy of its kind. */
struct party *case_add_party (struct case_reading *self, unsigned line, const char *name, code kind);
/* Takes one category, or a group of them. */
code_set case_take_categories (struct case_reading *self);

/* Makes room in a list for one more. Fails if it has CASE_LIST already, and then returns its last place again. */
void *case_append (struct case_reading *self, void **list, size_t *count, size_t size, const char *what);

/* The names of a set of codes, sorted. */
struct text_set case_names (struct case_reading *self, const struct policy_vocabulary *vocabulary,
                            const code_set *set);
void case_sort (struct text_set *names);

/* Reads every field with this key. */
typedef void case_read_function (struct case_reading *self, struct policy_field *field);
void case_read_each (struct case_reading *self, const struct policy_stanza *stanza, const char *key,
                     case_read_function *read);

/* What is read of a case, one file each, in this order. Each field is a part; what rests on a field that was
   refused is not read. */
/* C5: called after the statements were read. Statements recorded up to the moment of a restriction do not pass
   it. */
void case_place_restrictions (struct case_reading *self);
void case_read_subject (struct case_reading *self, const struct policy_stanza *stanza);
void case_read_question (struct case_reading *self, const struct policy_stanza *stanza);
/* A field "consent" or "refusal": adds the statement to the case. */
void case_read_statement (struct case_reading *self, struct policy_field *field, bool refusal);
void case_read_expectations (struct case_reading *self, const struct policy_stanza *stanza);

/* Takes "naw", "naw:jeugdwet", or a group. `origin` does not change if none is named. There must be a word. */
code_set case_take_items (struct case_reading *self, code *origin);
