/* Subjects of the scratch registry, as its social team records them: each case has one of its own. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "consent.h"

/* What is asked about, as the command line says. */
struct asked {
    const char *provider, *recipient, *purpose, *category[2], *origin;
};

struct subject {
    consent_t *team; /* lent */
    const struct asked *asked;
    char bsn[10];
    char consent_id[CONSENT_ID_SIZE]; /* "": none was recorded */
    char error[256];
};

/* Records a subject with a BSN of those that are kept for tests, an adult. 0, or 1 with a sentence in `error`. */
int subject_begin (struct subject *self, consent_t *team, const struct asked *asked);
/* Records a consent for the first `count` of the categories. The same. */
int subject_consent (struct subject *self, size_t count, bool one_time);
/* Withdraws it. The same. */
int subject_withdraw (struct subject *self);
