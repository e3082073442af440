/* From the 4-tuple of AuthZEN to a check of the registry; docs/http.md has the table. Pure: no socket, no clock.

   What this does not know is ignored, as AuthZEN has it. But a word of its own vocabulary in a place where it says
   nothing is refused: whoever wrote it there means something by it. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include "claim.h"
#include "consent.h"
#include "refusal.h"

enum { QUESTION_ITEMS = 64 };

/* The four of one evaluation. NULL: not given. */
struct tuple {
    const json_t *subject, *action, *resource, *context;
};

struct question {
    struct consent_question asked; /* its texts are those of the JSON, and valid as long as that */
    struct consent_item items[QUESTION_ITEMS];
    struct claim claim;
};

/* What type of entity is asked about. Shared with the search. */
#define TYPE_PARTY "partij"
#define TYPE_DATA "persoonsgegevens"
#define ACTION_DISCLOSE "verstrekken"

/* What one question is read from. */
struct question_source {
    const struct tuple *own; /* of the evaluation */
    const struct tuple
        *defaults;     /* of the request around it; NULL: there is none. Its members are objects or NULL */
    const char *where; /* before each field in a refusal: "", or "evaluations[3]." */
};

/* False with the refusal. `self` must stay where it is: its question points to its items. */
bool question_read (struct question *self, const struct question_source *source, struct refusal *refusal);

/* The four of an object. False: one is there and is not an object. */
bool tuple_read (struct tuple *self, const json_t *object, const char *where, struct refusal *refusal);

/* A text that is there and not empty. NULL with the refusal: it is missing, or no text. `object` may be NULL. */
const char *field_required (const json_t *object, const char *name, const char *place, struct refusal *refusal);
/* "" if it is missing. NULL with the refusal: it is no text. */
const char *field_optional (const json_t *object, const char *name, const char *place, struct refusal *refusal);
/* properties of an entity; NULL: it has none. Any that is no object is refused. */
const json_t *field_properties (const json_t *entity, const char *place, struct refusal *refusal);
