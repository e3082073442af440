/* consentctl check: claims a ground without consent (C8). */
#pragma once
#include "envelope.pb-c.h"
#include "consent/evidence.h"

struct ctl;
struct options;

/* clang-format off */
#define CLAIM_OPTIONS                                                                                           \
    {"written-request-by", "WHO",                                                                               \
     "those who must consent asked for this in writing; name each: 'subject' or the\n"                          \
     "reference of a representative; with the moment and the evidence:", OPTION_REPEATED},                      \
    {"written-request-at", "WHEN", "when they asked: a day, or a moment", 0},                                   \
    EVIDENCE_OPTIONS,                                                                                           \
    {"urgent-reason", "CODE", "there are urgent reasons, with the triage decision:", 0},                        \
    {"triage", "FILE",                                                                                          \
     "a JSON object with necessity, subsidiarity, proportionality, purpose_limitation,\n"                       \
     "objections (of the subject, and how they were weighed; or that there were none, or why\n"                 \
     "none were asked), manager_consulted, serious_situation, urgent_support, inform (before\n"                 \
     "or after, then with inform_by and inform_why); where the provider is bound by\n"                         \
     "professional secrecy also consent_sought, no_other_way, serious_harm, conflict_of_duties", 0}
/* clang-format on */

/* Puts the claim into the request, if there is one. 0, or an exit code with its line printed. */
int claim_read (struct ctl *ctl, const struct options *options, Consentd__CheckRequest *check);
