/* A message through the adapters' core with a registry that permits what the test says; no daemon, no network. */
#pragma once
#include <stdbool.h>
#include "passage.h"

enum harness_shape { SHAPE_THINNED, SHAPE_EIGEN_BIJDRAGE, SHAPE_PGB };

struct harness {
    struct mapping *mappings[3];
    struct passage_order order;
    const char *gemeentecode, *agb; /* of the sender and of the receiver, as the registry knows them; "": none */
    const char *permitted;          /* categories between spaces, or "all" */
    int status;                     /* that the registry answers with */
    bool revoked_since;
    uint64_t decision;             /* of a DISCLOSE; 0: 2 */
    const char *permitted_at_last; /* of a DISCLOSE, where that is not what was advised; NULL: it is */
    const char *unwritable;        /* why the output cannot be stored; NULL: it can */
    /* What was asked. */
    size_t times_asked, times_disclosed;
    char disclosed[2048]; /* of the last DISCLOSE */
    char asked_bsn[10];
    char asked[2048]; /* of the last ADVISE: " category/origin category/origin" */
    bool asked_all_or_nothing;
    struct consent_answer answer, advice; /* the last one, and what was advised last */
    struct consent_item_answer advised[MAPPING_ITEMS_MAX];
    struct consent_item_answer items[MAPPING_ITEMS_MAX];
    struct passage *passage;
    struct passage_result result; /* of the passage */
    char *output;                 /* that was let go, or NULL */
};

/* Permits what flow D1 of the packs carries to a care provider. */
#define PERMITTED_TO_PROVIDER                                                                            \
    "bsn naw geboortedatum geslacht correspondentie telefoon email burgerlijke-staat vertegenwoordiger " \
    "verblijfplaats toewijzing "                                                                         \
    "periode soort-voorziening omvang budget"
#define PERMITTED_TO_CAK "bsn naw geboortedatum burgerlijke-staat toewijzing periode soort-voorziening kostprijs"
#define PERMITTED_TO_SVB                                                                         \
    "bsn naw geboortedatum correspondentie telefoon email vertegenwoordiger toewijzing periode " \
    "soort-voorziening "                                                                         \
    "budget"

/* A harness with the mappings of that shape, for WMO301 and JW301. Caller must destroy it. */
struct harness *harness_new (enum harness_shape shape);
void harness_destroy (struct harness **self_p);

/* Runs a message through. What the run before gave is no longer valid. */
enum passage_outcome harness_run (struct harness *self, const char *text);
enum passage_outcome harness_run_bytes (struct harness *self, const char *text, size_t size);

/* Whether the output holds this text. */
bool harness_output_has (const struct harness *self, const char *text);

/* A fixture; caller must free it. */
char *harness_read_file (const char *path);
char *harness_fixture (const char *name);
/* A copy with the one occurrence of `what` replaced; fails the test if there is not exactly one.
   Frees `text`; caller must free the return value. */
char *harness_replace (char *text, const char *what, const char *with);

/* Path of a schema of the iStandaarden, or NULL where they are not on this machine (CONSENTD_ISTANDAARDEN).
   Static, until the next call. */
const char *harness_schema (const char *name);
