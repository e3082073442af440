/* Consents, refusals and requests for consent by what their id begins with, as people type it. */
#pragma once
#include "kept.h"
#include "turn.h"

struct id_search {
    const char *digits; /* what they begin with: ID_BEGINS_LEAST or more, lower-case */
    struct id *found;   /* has room for `limit`; `count` of them were found, each once */
    size_t limit, count;
};

/* 0, RECORD_DAMAGED or a failure. */
int id_begins_find (struct turn *turn, struct id_search *search);
