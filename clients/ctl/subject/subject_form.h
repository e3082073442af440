/* What a person says about a subject, on the command line and in files: birth, death, capability,
   representatives and the end of care. */
#pragma once
#include "envelope.pb-c.h"
#include "options.h"

/* The options for that. */
/* clang-format off */
#define SUBJECT_FORM_OPTIONS                                                                             \
    {"birth-date-file", "FILE", "without it the subject cannot consent; a day, YYYY-MM-DD", 0},            \
    {"death-date-file", "FILE", "the day of death: ends every consent", 0},                              \
    {"birth-date", "DAY", "--birth-date-file FILE", OPTION_PERSONAL},                                    \
    {"death-date", "DAY", "--death-date-file FILE", OPTION_PERSONAL},                                    \
    {"refused", "REF:FROM:REASON", "--refused-file REF:FROM:FILE", OPTION_PERSONAL},                     \
    {"representative", "REF:KIND:FROM[:UNTIL]",                                                          \
     "who acts for the subject: an opaque reference (no name, no BSN), the kind\n"                       \
     "(ouder-met-gezag, voogd, curator, mentor, gemachtigde, bewindvoerder),\n"                          \
     "first and last day of authority",                                                                  \
     OPTION_REPEATED},                                                                                   \
    {"refused-file", "REF:FROM:FILE", "from this day on a professional refuses this representative (M7),\n" \
     "for the reason in this file", OPTION_REPEATED},                                                                                   \
    {"capable-from", "DAY", "from this day on the subject is capable", OPTION_REPEATED},                 \
    {"not-capable-from", "DAY", "from this day on the subject is not capable (wilsonbekwaam)", OPTION_REPEATED}, \
    {"care-ended", "LAW:DAY", "the day on which care under this law ended: how long is kept may count from it", \
     OPTION_REPEATED}
/* The further options of a change. */
#define SUBJECT_CHANGE_OPTIONS                                                                           \
    {"request", "NUMBER", "the request of the subject on which this is corrected (rights open): who\n"      \
     "received such data is told to correct them too", 0},                                               \
    {"authority-until", "REF:DAY", "the last day of this representative's authority", OPTION_REPEATED},  \
    {"remove-birth-date", NULL, "the birth date is not known any more: no consent counts", 0},           \
    {"remove-death-date", NULL, "the subject has not died", 0},                                          \
    {"remove-representative", "REF", "this person never was a representative", OPTION_REPEATED},         \
    {"remove-authority-until", "REF", "this representative's authority has no end", OPTION_REPEATED},    \
    {"remove-refused", "REF", "this representative is not refused (M7)", OPTION_REPEATED},               \
    {"remove-capability", "DAY", "capability did not change on this day", OPTION_REPEATED},              \
    {"remove-care-ended", "LAW", "care under this law has not ended", OPTION_REPEATED}
/* clang-format on */

/* Fills the request with what was said of the subject. Texts are the arena's or the options'. 0, or an exit code
   with its line printed. */
int subject_form_read (struct ctl *ctl, const struct options *options, Consentd__SubjectSetRequest *body);
/* The same for a change. */
int subject_form_read_change (struct ctl *ctl, const struct options *options, Consentd__SubjectSetRequest *body);
