/* A collector of OpenTelemetry over HTTP (delivery/post.h): one request, and what came of it. */
#pragma once
#include "otlp.h"
#include "sink.h"

struct collector;

enum collector_outcome {
    COLLECTOR_TOOK,    /* the records, but for `rejected` of them */
    COLLECTOR_LATER,   /* nobody knows that it did: the same again, after a pause */
    COLLECTOR_TOO_BIG, /* a smaller request */
    COLLECTOR_REFUSES, /* the same again would end in the same way */
    COLLECTOR_STOPPED, /* somebody asked to stop meanwhile */
};

struct collector_answer {
    enum collector_outcome outcome;
    long pause;        /* s that the collector asks for; 0: none */
    uint64_t rejected; /* records that it does not keep */
    char message[512]; /* what went wrong, or what it says: a clause; "" where there is nothing */
};

/* NULL with *error: an exit code with its line printed. */
struct collector *collector_new (const struct sink_collector *where, int *error);
void collector_destroy (struct collector **self_p);
void collector_post (struct collector *self, const char *body, struct collector_answer *answer);
