/* Records of ldv as OTLP has them in JSON (POST /v1/traces), and what a collector answers. Pure. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The body of a request with these records, each a span, in their order. They must be of one registry. The caller
   frees it. */
char *otlp_request (json_t *records);

struct otlp_answer {
    uint64_t rejected; /* spans that the collector does not keep; it does not say which */
    char message[256]; /* of the collector; may be "" */
};
/* Reads the body of an answer that says that the request was taken. False: it is no such answer, so nobody knows
   that the request was taken. */
bool otlp_answer_read (const char *text, size_t size, struct otlp_answer *answer);
