/* consentctl receipt consent | decision | verify | code */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "codec/document.h"
#include "config/file_write.h"
#include "outcome.h"
#include "receipt_ask.h"
#include "receipt_letter.h"
#include "receipt_look_up.h"
#include "receipt_verify.h"
#include "text/escape.h"

static const struct option options_of_receipt[] = {
    LETTER_READER_OPTION,
    {"out", "FILE", "the receipt, a new file, mode 0600 (else standard output)", 0},
    LOG_KEY_OPTION,
    WITNESS_OPTIONS,
    {"letter", "FILE", "also a letter with its code, a new file: .html, .pdf, or text", 0},
    {"policy", "DIR", "the policy pack with the words of the letter (else the one in force, for an operator)", 0},
    {"to-file", "FILE", "file with name and address of the reader, for the head of the letter", 0},
    {NULL, NULL, NULL, 0},
};

static const char details[] =
    "The receipt has the lines of the log, each with the proof that the log had it, and what they say as a "
    "consent\n"
    "receipt of ISO/IEC TS 27560 (JSON-LD). Whoever has it can verify it without the registry: receipt verify.\n"
    "Of a line that holds something about another person only the head is told.";

/* --- What is written ---------------------------------------------------------------------------------- */

static int write_file (const struct receipt_made *made, const char *file)
{
    char *whole;
    int size = asprintf (&whole, "%s\n", made->text);
    if (size < 0)
        abort ();
    int rc = file_create (file, whole, (size_t)size);
    explicit_bzero (whole, (size_t)size);
    free (whole);
    return rc == 0 ? 0
                   : ctl_fail (file_is_no_name (rc) || rc == -EEXIST ? EX_CANTCREAT : EX_IOERR,
                               "cannot make %s: %s; nothing is written", file, outcome_sentence (rc));
}

/* Takes over `letter`; NULL: none was made. */
static void print (const struct ctl *ctl, const struct options *options, const struct receipt_made *made,
                   json_t *letter)
{
    const char *file = options_text (options, "out");
    uint64_t number = receipt_newest (&made->judged.lines)->head.number;
    if (file == NULL)
        puts (made->text);
    else if (ctl->json)
        document_print (json_pack ("{s:o, s:O?, s:I, s:s, s:s, s:b}", "file", document_string (file), "letter",
                                   letter, "number", (json_int_t)number, "origin", made->judged.checkpoint.origin,
                                   "code", made->code, "closed", receipt_is_closed (&made->judged.lines)));
    else
        escape_line (stdout, "%s proves line %" PRIu64 " of %s. Code: %s", file, number,
                     made->judged.checkpoint.origin, made->code);
    json_decref (letter);
}

/* The letter first: if it cannot be made, there is no receipt either. */
static int write_both (struct letter_setting *setting, const struct log_trust *trust,
                       Consentd__ReceiptRequest *asked)
{
    struct ctl *ctl = setting->ctl;
    const struct options *options = setting->options;
    struct receipt_made made;
    json_t *written = NULL;
    const char *letter = options_text (options, "letter"), *file = options_text (options, "out");
    int error = receipt_ask (ctl, trust, asked, &made);
    if (!error && letter != NULL)
        error = receipt_letter (setting, &made, letter, &written);
    if (!error && file != NULL)
        error = write_file (&made, file);
    if (!error)
        print (ctl, options, &made, written);
    receipt_made_clear (&made);
    return error;
}

static int give (struct ctl *ctl, const struct options *options, Consentd__ReceiptRequest *asked)
{
    struct letter_setting setting = {.ctl = ctl, .options = options};
    struct log_trust trust;
    int error = log_trust_read (ctl, options, &trust);
    asked->reader = options_field (options, "for");
    if (!error && options_has (options, "letter"))
        error = letter_setting_begin (&setting, ctl, options);
    if (!error)
        error = write_both (&setting, &trust, asked);
    letter_setting_close (&setting);
    return error;
}

/* --- The commands ------------------------------------------------------------------------------------- */

static int run_consent (struct ctl *ctl, const struct options *options)
{
    Consentd__ReceiptRequest asked;
    consentd__receipt_request__init (&asked);
    int error = ask_id (ctl, options->arguments[0], &asked.consent_id);
    return error ? error : give (ctl, options, &asked);
}

static int run_decision (struct ctl *ctl, const struct options *options)
{
    Consentd__ReceiptRequest asked;
    consentd__receipt_request__init (&asked);
    const char *text = options->arguments[0];
    char *end;
    errno = 0;
    asked.decision = strtoull (text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0)
        return ctl_fail (EX_USAGE, "the decision is a number");
    return give (ctl, options, &asked);
}

const struct command receipt_commands[] = {
    {"receipt consent", "ID", "what proves that a consent, a refusal or a withdrawal was recorded", details,
     options_of_receipt, run_consent},
    {"receipt decision", "NUMBER", "what proves a disclosure, or that it was denied", details, options_of_receipt,
     run_decision},
    {"receipt verify", "FILE", "verify such a receipt, without the registry; in Dutch", receipt_verify_details,
     receipt_verify_options, run_receipt_verify},
    {"receipt code", "CODE", "which line of the log has this code, when somebody reads it aloud",
     receipt_code_details, NULL, run_receipt_code},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
