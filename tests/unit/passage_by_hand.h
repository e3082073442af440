/* A passage that a test drives step by step, as a program would, and tells what it likes. */
#pragma once
#include "adapter_harness.h"

enum { HAND_CLIENTS = 2 };

extern struct hand {
    struct mapping *mappings[2];
    struct passage_order order;
    struct passage *passage;
    struct passage_need need; /* of the last step */
    char *message;
    struct consent_answer answers[HAND_CLIENTS]; /* as made last */
    struct consent_item_answer items[HAND_CLIENTS][MAPPING_ITEMS_MAX];
} hand;

/* Takes the shipped mapping and the fixture of this name; in the mapping `what` is replaced. */
void hand_begin (const char *name, const char *what, const char *with);
/* A teardown. */
int hand_end (void **state);

/* Begins the passage of the message anew. */
void hand_open (void);
/* The same, and says that both parties are who the message says. */
void hand_start (void);
/* The next thing that it needs is of this kind. */
void hand_step (enum passage_need_kind kind);

/* An answer to a question of the last step: all of it is permitted, or nothing. */
struct consent_answer *hand_answer (size_t question, enum consent_verdict verdict);
/* Tells such answers to the first question, and to the second if there is one. */
void hand_tell (enum consent_verdict first, enum consent_verdict second);
void hand_tell_recorded (const struct consent_answer *first, const struct consent_answer *second);
