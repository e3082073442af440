#include "consent_form.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "ask.h"
#include "consent_letter.h"
#include "consent_reply.h"
#include "form.h"
#include "form_pdf.h"
#include "input.h"
#include "tool.h"
#include "vault.h"

static const struct option options_of_form[] = {
    {"answers", "ID", "the request that it answers: it may be for less than was asked, never more", 0},
    {"evidence", "FILE", "the signed form, or its scan: its SHA-256 is recorded, the file stays here", 0},
    {"letter", "FILE", "new file for the letter that confirms it: .html, .pdf, else text", 0},
    {"policy", "DIR", "the policy pack with the words of the letter (else the one in force, for an operator)", 0},
    {"to-file", "FILE", "file with name and address of who reads the letter", 0},
    {"for", "WHO", "who reads the letter: a representative's reference (else 'subject')", 0},
    {NULL, NULL, NULL, 0},
};

static int read_file (const char *file, char **text_p, size_t *size_p)
{
    *text_p = malloc (FORM_PDF_SIZE_MAX + 1);
    if (!*text_p)
        abort ();
    bool is_file = strcmp (file, "-") != 0;
    ssize_t size = is_file ? input_read (file, *text_p, FORM_PDF_SIZE_MAX)
                           : (ssize_t)fread (*text_p, 1, FORM_PDF_SIZE_MAX + 1, stdin);
    if (!is_file && ferror (stdin))
        size = -errno;
    size = input_without_mark (*text_p, size);
    *size_p = size < 0 ? 0 : (size_t)size;
    ssize_t most = form_is_pdf ((struct bytes){*text_p, *size_p}) ? FORM_PDF_SIZE_MAX : FORM_SIZE_MAX;
    if (size > most || size == -EFBIG)
        return ctl_fail (EX_DATAERR, "%s: is groter dan een formulier kan zijn", file);
    return size < 0 ? ctl_fail (EX_NOINPUT, "%s: %s", file, input_problem (size)) : 0;
}

static int read_evidence (struct ctl *ctl, const char *file, struct form_reading *form)
{
    if (!file)
        return 0;
    uint8_t *hash = arena_alloc (ctl->arena, FORM_HASH);
    int fd = input_open (file), error = fd < 0 ? fd : vault_sha256_fd (fd, hash);
    if (fd >= 0)
        close (fd);
    form->evidence = hash;
    return error ? ctl_fail (EX_NOINPUT, "cannot read %s: %s", file, input_problem (error)) : 0;
}

static int read_answers (struct ctl *ctl, const char *text, struct form_reading *form)
{
    ProtobufCBinaryData id = {0};
    int error = text ? ask_id (ctl, text, &id) : 0;
    form->answers = id.data;
    return error;
}

/* All that is wrong, a line each. */
static int tell_problems (const char *file, const struct form_reading *form)
{
    for (size_t i = 0; i < form->problem_count; i++)
        ctl_fail (0, "%s", form->problems[i].words);
    if (form->problems_left_out)
        ctl_fail (0, "en nog %zu", form->problems_left_out);
    return ctl_fail (EX_DATAERR, "%s: er is niets vastgelegd", file);
}

static int read_pdf (struct form_reading *form, const char *file, struct bytes pdf, Consentd__Request **request_p)
{
    json_t *told;
    int rc = form_pdf_read (form, pdf, &told);
    if (rc == TOOL_ABSENT)
        return ctl_fail (EX_UNAVAILABLE, "a PDF is read by qpdf, which is not here: install the package qpdf");
    if (told && form_read_json (form, told, request_p) < 0)
        rc = -EINVAL;
    json_decref (told);
    return rc == 0 ? 0 : tell_problems (file, form);
}

static int read_form (struct ctl *ctl, const struct options *options, Consentd__Request **request_p)
{
    struct form_reading form = {.arena = ctl->arena, .now = ctl->now};
    char *text = NULL;
    size_t size = 0;
    int error = read_answers (ctl, options_text (options, "answers"), &form);
    if (!error)
        error = read_evidence (ctl, options_text (options, "evidence"), &form);
    if (!error)
        error = read_file (options->arguments[0], &text, &size);
    const struct bytes given = {text, size};
    if (!error && form_is_pdf (given))
        error = read_pdf (&form, options->arguments[0], given, request_p);
    else if (!error && form_read (&form, given, request_p) < 0)
        error = tell_problems (options->arguments[0], &form);
    free (text);
    return error;
}

/* The id, on a line of its own; for programs the whole reply. Out before what may go wrong with a letter. */
static int tell (struct ctl *ctl, const Consentd__Request *request, const Consentd__Reply *reply,
                 const char **id_p)
{
    int error = consent_reply_tell (ctl, request, reply, id_p);
    if (ctl->json)
        ask_print_json (reply);
    else if (!error)
        puts (*id_p);
    fflush (stdout);
    return error;
}

static int record (struct ctl *ctl, Consentd__Request *request, const char **id_p)
{
    int error = ask_open (ctl);
    if (error)
        return error;
    Consentd__Reply *reply = NULL;
    request->idempotency_key = (ProtobufCBinaryData){sizeof ctl->key, ctl->key};
    ctl->key_used = true;
    int outcome = consent_call (ctl->registry, request, &reply);
    if (outcome == CONSENT_OK)
        error = tell (ctl, request, reply, id_p);
    else
        error = ask_fail (ctl, outcome);
    if (outcome == CONSENT_OK ? error == EX_UNAVAILABLE : ask_is_uncertain (outcome))
        consent_reply_tell_key (request, outcome == CONSENT_OK);
    if (reply)
        consentd__reply__free_unpacked (reply, NULL);
    return error;
}

static int run (struct ctl *ctl, const struct options *options)
{
    const struct consent_letter letter = {options_text (options, "letter"), options_text (options, "policy"),
                                          options_text (options, "to-file"), options_text (options, "for")};
    Consentd__Request *request;
    const char *id;
    int error = read_form (ctl, options, &request);
    if (error)
        return error;
    bool is_grant = request->body_case == CONSENTD__REQUEST__BODY_GRANT;
    ctl->user = is_grant ? request->grant->user : request->refuse->user;
    error = consent_letter_try (&letter, ctl, is_grant ? request->grant->scope : request->refuse->scope);
    if (!error)
        error = record (ctl, request, &id);
    return error || !letter.file ? error : consent_letter_make (&letter, ctl, id);
}

static const char details[] =
    "FORM is the form in JSON, as its page saves it, or the filled-in PDF; '-' is standard input. docs/forms.md "
    "is its reference.\n"
    "All that is wrong with it is told at once, by the labels of the form, and then nothing is recorded. The id "
    "of\n"
    "the consent is printed.";

const struct command consent_form_command = {
    "consent", "FORM", "record a filled-in consent form", details, options_of_form, run,
};
