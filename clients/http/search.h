/* The search APIs of AuthZEN, as the registry's reverse questions: who may receive, and whom may I ask. What is
   found is what an evaluation of the same moment would permit, asked as advice and without an origin. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include "consent.h"
#include "evaluate.h"
#include "refusal.h"

/* Each sets the reply. `registry` is a connection of the party that asks. */
void search_subject (consent_t *registry, const json_t *body, struct reply *reply);
void search_resource (consent_t *registry, const json_t *body, struct reply *reply);
void search_action (consent_t *registry, const json_t *body, struct reply *reply);

/* What is looked for, read from the body. Its texts are those of the JSON. */
struct search {
    const char *bsn;
    const char *provider;  /* "": any */
    const char *recipient; /* "": any; it is what is looked for */
    const char *purpose;   /* the same */
    const char *category;  /* the same */
    const char *case_ref;  /* "": none */
    const char *user;      /* "": none */
    bool is_nothing;       /* it is about a type of entity that there is none of */
};

enum search_for { SEARCH_SUBJECT, SEARCH_RESOURCE, SEARCH_ACTION };

/* Pure. False with the refusal. */
bool search_read (struct search *self, enum search_for what, const json_t *body, struct refusal *refusal);
