/* What a consent is about, on the command line and in what is shown. The same for consents that are granted,
   refused or asked for. */
#pragma once
#include "ctl.h"
#include "envelope.pb-c.h"

struct table;

/* clang-format off */
#define SCOPE_OPTIONS                                                                                           \
    {"provider", "PARTY", "who may tell: the id of a party", OPTION_CODES},                                  \
    {"recipient", "PARTY", "who may be told: the id of a party", OPTION_CODES},                              \
    {"category", "CODE", "which kind of data", OPTION_CODES},                                                \
    {"purpose", "CODE", "for which one purpose", 0},                                                            \
    {"origin", "CODE", "only data obtained under this law (else under any law)", OPTION_CODES},              \
    {"case", "REF", "only for this case", 0}

#define MOTIVATION_OPTIONS                                                                                      \
    {"motivation-file", "FILE", "why this is needed; sealed, not shown to other parties", 0},                   \
    {"motivation", "TEXT", "--motivation-file FILE", OPTION_PERSONAL}

#define UNDER_SECRECY_OPTION                                                                                    \
    {"under-secrecy", NULL, "the professional who acts is bound by secrecy, though the party is not", 0}
#define VALIDITY_OPTIONS                                                                                        \
    {"valid-from", "DAY", "first day, or moment (else now)", 0},                                                \
    {"valid-until", "DAY", "last day (included), or a moment", 0},                                              \
    {"one-time", NULL, "used up by the first disclosure", 0},                                                   \
    UNDER_SECRECY_OPTION
/* clang-format on */

void scope_read (struct ctl *ctl, const struct options *options, Consentd__Scope *scope);
/* Takes what was not given from `asked`, which lends it. */
void scope_complete (Consentd__Scope *scope, const Consentd__Scope *asked);
/* Each returns 0, or an exit code with its line printed. What was not given is "" or 0. At a terminal the
   motivation is asked for, unless it `may_lack`. */
int motivation_read (struct ctl *ctl, const struct options *options, bool may_lack, char **motivation);
int validity_read (const struct options *options, int64_t *from, int64_t *until);

/* Adds the scope as rows of a table of facts. */
void scope_print (struct ctl *ctl, struct table *facts, const Consentd__Scope *scope);
