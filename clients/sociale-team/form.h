/* Reads a filled-in consent form (toestemmingsformulier), and makes a request of it. docs/forms.md is its
   reference, config/toestemmingsformulier.json an example.

   All that is wrong is told at once, in Dutch, by the label of the field on the form, and never with what was
   filled in: who made the mistake reads it, and it may stand on a screen that others see. */
#pragma once
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include "arena.h"
#include "bytes.h"
#include "envelope.pb-c.h"
#include "moments.h"

enum { FORM_SIZE_MAX = 65536, FORM_PROBLEMS = 64, FORM_HASH = 32, FORM_ID = 16 };

/* What is wrong with one field. Both are the arena's, and hold nothing that was filled in. */
struct form_problem {
    const char *path;  /* where it stands in JSON, as "ondertekening[0].op"; "": in no field */
    const char *words; /* "Ondertekening 1, datum: is geen dag (jjjj-mm-dd)" */
};

/* The first four are set by whoever reads a form, and the others are {0}. */
struct form_reading {
    struct arena *arena;     /* all that is read is its */
    moment now;              /* when a duration begins that has no first day; 0: when the last one signed */
    const uint8_t *evidence; /* SHA-256 of the signed form, FORM_HASH bytes; NULL: what the form says */
    const uint8_t *answers;  /* id of the request that it answers, FORM_ID bytes; NULL: what the form says */
    struct form_problem problems[FORM_PROBLEMS];
    size_t problem_count;
    size_t problems_left_out; /* there was no room for these */
};

/* Reads a form in JSON as a request to grant, or to refuse if the subject said no. 0 with *request_p; or -EINVAL,
   with the problems: what was read then counts for nothing. */
int form_read (struct form_reading *self, struct bytes text, Consentd__Request **request_p);
/* The same of an object that was read already. */
int form_read_json (struct form_reading *self, json_t *form, Consentd__Request **request_p);
/* What is wrong with a text that jansson did not read, or read as no object (`read`); `error` is what it said. A
   clause in Dutch that says nothing of the content. Static. */
const char *form_words_of_json (const json_t *read, const json_error_t *error);
