#include "receipt_verify.h"
#include <inttypes.h>
#include <string.h>
#include "codec/document.h"
#include "input.h"
#include "letter/letter_document.h"
#include "letter/letter_text.h"
#include "receipt_code.h"
#include "receipt_told.h"

const struct option receipt_verify_options[] = {
    LOG_KEY_OPTION,
    WITNESS_OPTIONS,
    {"code", "CODE", "the code from the letter: it must be that of this receipt", 0},
    {NULL, NULL, NULL, 0},
};

const char receipt_verify_details[] =
    "Says in plain Dutch what it proves. Exit code 1, and what does not fit, if it proves nothing.";

bool receipt_is_closed (const struct receipt_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        if (!lines->line[i].is_open)
            return true;
    return false;
}

static void code_of (const struct receipt_judged *judged, char own[RECEIPT_CODE_SIZE])
{
    const struct receipt_seen *newest = receipt_newest (&judged->lines);
    receipt_code_write (newest->head.number, &newest->leaf, own);
}

static void print (struct ctl *ctl, const struct log_trust *trust, const struct receipt_file *file,
                   const struct receipt_judged *judged)
{
    char own[RECEIPT_CODE_SIZE];
    struct letter_document document = letter_document_start (ctl->arena);
    const struct receipt_seen *newest = receipt_newest (&judged->lines);
    code_of (judged, own);
    if (ctl->json) {
        document_print (json_pack ("{s:I, s:o, s:I, s:s, s:b, s:o}", "number", (json_int_t)newest->head.number,
                                   "origin", document_string (judged->checkpoint.origin), "size",
                                   (json_int_t)judged->checkpoint.size, "code", own, "closed",
                                   receipt_is_closed (&judged->lines), "signed",
                                   log_trust_signed_document (trust, judged->note)));
        return;
    }
    receipt_tell (judged, trust, json_object_get (file->claims, RECEIPT_WORDS), &document);
    letter_text_write (&document, stdout);
}

/* The code of the letter. 0, EX_USAGE, or CTL_NO with its line printed. */
static int judge_code (const struct options *options, const struct receipt_judged *judged)
{
    char typed[RECEIPT_CODE_SIZE], own[RECEIPT_CODE_SIZE];
    const char *given = options_text (options, "code");
    if (given == NULL)
        return 0;
    if (!receipt_code_read (given, typed))
        return ctl_fail (EX_USAGE, "--code: deze code kan niet kloppen; kijk of u hem goed hebt overgenomen");
    code_of (judged, own);
    return strcmp (typed, own) == 0
               ? 0
               : ctl_fail (CTL_NO, "dit bewijs klopt wel, maar het is niet dat van de code %s: het heeft %s",
                           typed, own);
}

static int verify (struct ctl *ctl, const struct options *options, const struct log_trust *trust, struct bytes raw)
{
    struct receipt_file file;
    struct receipt_judged *judged = arena_alloc (ctl->arena, sizeof *judged);
    const char *problem = receipt_file_read (&file, ctl->arena, raw);
    if (problem == NULL)
        problem = receipt_judge (&file, trust, ctl->arena, judged);
    int error = problem != NULL ? ctl_fail (CTL_NO, "dit bewijs klopt niet: %s", problem) : 0;
    if (!error)
        error = judge_code (options, judged);
    if (!error)
        print (ctl, trust, &file, judged);
    receipt_file_clear (&file);
    return error;
}

int run_receipt_verify (struct ctl *ctl, const struct options *options)
{
    struct log_trust trust;
    const char *file = options->arguments[0];
    char *text = arena_alloc (ctl->arena, RECEIPT_FILE_SIZE + 1);
    int error = log_trust_read (ctl, options, &trust);
    if (!error && trust.count == 0)
        error =
            ctl_fail (EX_USAGE, "--log-key ontbreekt: zonder sleutel kan niemand zeggen van wie het register is");
    if (error)
        return error;
    ssize_t size = input_read (file, text, RECEIPT_FILE_SIZE + 1);
    if (size < 0)
        return ctl_fail (EX_NOINPUT, "cannot read %s: %s", file, input_problem (size));
    return verify (ctl, options, &trust, (struct bytes){text, (size_t)size});
}
