/* consentctl letter consent | withdrawal | obligation | request | fields */
#include "bsn.h"
#include "ctl.h"
#include "letter_consent.h"
#include "letter_fields.h"
#include "letter_notice.h"
#include "letter_request.h"
#include "letter_setting.h"

static const struct option reader_options[] = {
    LETTER_READER_OPTION,
    LETTER_OPTIONS,
    {NULL, NULL, NULL, 0},
};

static const struct option notice_options[] = {
    BSN_OPTION,
    LETTER_OPTIONS,
    {NULL, NULL, NULL, 0},
};

static const struct option request_options[] = {
    {"about", "WHAT", "receipt, extension or outcome (else the newest there is to say)", 0,
     "receipt extension outcome"},
    LETTER_OPTIONS,
    {NULL, NULL, NULL, 0},
};

static const char details[] =
    "The words come from the folder 'brieven' of the policy pack, which docs/letters.md describes. The registry "
    "keeps\n"
    "no names: who reads it stands in the file of --to-file, or is written on the envelope.";

static const char obligation_details[] =
    "DECISION is the number that the check answered; KIND is inform-subject, inform-representative,\n"
    "inform-youth or inform-of-source; of the last the BSN is read, for it is the recipient's duty.\n"
    "Report it with 'obligation done'; --letter there records which letter went.";

const struct command letter_commands[] = {
    {"letter consent", "ID", "the letter that confirms a consent or a refusal", details, reader_options,
     run_letter_consent},
    {"letter withdrawal", "ID", "the letter that confirms a withdrawal: who was told, and who has not read it",
     details, reader_options, run_letter_withdrawal},
    {"letter obligation", "DECISION KIND", "the letter that tells what was told, to whom, and why without consent",
     obligation_details, notice_options, run_letter_notice},
    {"letter request", "NUMBER",
     "the letter about a request: that it came, is answered later, or what was decided", details, request_options,
     run_letter_request},
    {"letter fields", "NAME", "the fields that a template may have, for whoever writes it",
     "NAME is that of the template: toestemming, intrekking ... See docs/letters.md.", NULL, run_letter_fields},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
