/* What came of requests, and how long they took, since the start: for the metrics (broker/broker_metrics.c). */
#pragma once
#include <stdbool.h>
#include "bodies.h"
#include "histogram.h"

enum { METERS_RESULTS = 32 };

struct meters {
    const char *results[METERS_RESULTS]; /* each word that came up; NULL: no more */
    uint64_t requests[VERBS][METERS_RESULTS];
    /* In this turn, which may yet come to nothing. */
    struct {
        enum verb verb;
        unsigned result;
    } * noted;
    size_t noted_count, noted_room;

    uint64_t unjudged; /* answered UNAVAILABLE before any verb saw them, or after their turn failed */
    struct histogram answers[VERBS]; /* from the message that was read to the answer that was sent */
    struct histogram turns;
};

/* Counts a request, when the turn has happened. `result` is the word of the log, and lives for ever. `self` NULL:
   nobody counts. */
void meters_note (struct meters *self, enum verb verb, const char *result);
/* Ends the turn. What was noted in it counts, or, if the turn did not happen, is forgotten. */
void meters_settle (struct meters *self, bool happened);
/* Frees what it holds, not itself. */
void meters_release (struct meters *self);
