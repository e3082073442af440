/* Where a signed form is kept, and its SHA-256. Options of every command that takes evidence. */
#pragma once
#include "envelope.pb-c.h"

struct ctl;
struct options;

/* clang-format off */
#define EVIDENCE_OPTIONS                                                                                        \
    {"evidence-reference", "REF", "where the signed form is kept", 0},                                          \
    {"evidence-file", "FILE", "the signed form itself: its SHA-256 is sent, the file stays here", 0},           \
    {"evidence-sha256", "HEX", "its SHA-256, if the file is elsewhere", 0}
/* clang-format on */

/* Fills `evidence`, which the caller has initialised, from the options. *given is NULL if none of them was given.
   0, or an exit code with its line printed. */
int evidence_read (struct ctl *ctl, const struct options *options, Consentd__Evidence *evidence,
                   Consentd__Evidence **given);
