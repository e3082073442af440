#include "consent_form.h"
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "call.h"
#include "check/code_words.h"
#include "form.h"
#include "input.h"
#include "recording_key.h"
#include "text/escape.h"

enum { ARENA_LIMIT = 1024 * 1024 };

static int complain (int code, const char *what, const char *reason)
{
    escape_line (stderr, "sociale-team: %s%s%s", what, *what ? ": " : "", reason);
    return code;
}

static int print_help (void)
{
    puts ("Usage: sociale-team consent FORM.json --key FILE\n"
          "Records a filled-in consent form (\"-\": from standard input) and prints the id of the consent.\n\n"
          "  --key FILE               key file of the social team\n"
          "  --idempotency-key KEY    asks again what had no answer: the key that was told then\n\n"
          "Exit code: 0 recorded; 65 the form is wrong, or the rules do not admit it (the codes say why); other "
          "codes from\n"
          "64 up: an error (66 no form, 69 no answer from the registry, 77 not allowed, 78 the key file).");
    return 0;
}

static int read_file (const char *file, char **text_p, size_t *size_p)
{
    *text_p = malloc (FORM_SIZE_MAX + 1);
    if (!*text_p)
        abort ();
    bool is_file = strcmp (file, "-") != 0;
    ssize_t size = is_file ? input_read (file, *text_p, FORM_SIZE_MAX)
                           : (ssize_t)fread (*text_p, 1, FORM_SIZE_MAX + 1, stdin);
    if (!is_file && ferror (stdin))
        size = -errno;
    *size_p = size < 0 ? 0 : (size_t)size;
    if (size > FORM_SIZE_MAX || size == -EFBIG)
        return complain (EX_DATAERR, file, "larger than a form can be");
    return size < 0 ? complain (EX_NOINPUT, file, input_problem (size)) : 0;
}

/* Prints codes, rules and details. If the consent was recorded they are warnings. */
static void print_refusals (const Consentd__Reply *reply, const char *word)
{
    for (size_t i = 0; i < reply->n_refusals; i++) {
        const Consentd__Refusal *refusal = reply->refusals[i];
        escape_line (stderr, "sociale-team: %s: %s (%s): %s", word,
                     consent_name (&consentd__code__descriptor, (int)refusal->code), refusal->rule,
                     code_words_of (refusal->code)->english);
        for (size_t j = 0; j < refusal->n_details; j++)
            escape_line (stderr, "sociale-team:   %s", refusal->details[j]);
    }
}

static int print_recorded (const Consentd__Reply *reply)
{
    const Consentd__ConsentRecordedReply *recorded =
        reply->body_case == CONSENTD__REPLY__BODY_CONSENT_RECORDED ? reply->consent_recorded : NULL;
    if (!recorded || recorded->consent_id.len != 16)
        return complain (EX_PROTOCOL, "", "the registry's answer cannot be understood");
    char id[CONSENT_ID_SIZE];
    consent_hex (recorded->consent_id.data, recorded->consent_id.len, id);
    print_refusals (reply, "note");
    printf ("%s\n", id);
    return 0;
}

static int print_reply (const Consentd__Reply *reply)
{
    switch (reply->status) {
    case CONSENTD__STATUS__OK:
        return print_recorded (reply);
    case CONSENTD__STATUS__REJECTED:
        print_refusals (reply, "not recorded");
        return EX_DATAERR;
    case CONSENTD__STATUS__FORBIDDEN:
        return complain (EX_NOPERM, "", reply->message);
    case CONSENTD__STATUS__INVALID:
    case CONSENTD__STATUS__NOT_FOUND:
        return complain (EX_DATAERR, reply->field, reply->message);
    default:
        return complain (EX_UNAVAILABLE, "", status_words (reply->status));
    }
}

/* Tells the key. It may not be known whether the form was recorded, or one can ask again later: with the same key
   nothing is done twice. */
static void tell_key (const Consentd__Request *request, bool is_known)
{
    char text[RECORDING_KEY_TEXT];
    consent_hex (request->idempotency_key.data, request->idempotency_key.len, text);
    if (!is_known)
        complain (0, "", "it is not known whether this was recorded: 'consentctl consent list' shows what was");
    complain (0, "the same command asks again, and does nothing twice, with --idempotency-key", text);
}

static int record (const char *key, Consentd__Request *request)
{
    char error[FORM_ERROR];
    consent_t *connection = consent_open (key, error, sizeof error);
    if (!connection)
        return complain (EX_CONFIG, "", error);
    Consentd__Reply *reply = NULL;
    int status = consent_call (connection, request, &reply);
    int code;
    if (status == CONSENT_OK)
        code = print_reply (reply);
    else
        code = complain (status == CONSENT_KEY_REFUSED ? EX_NOPERM : EX_UNAVAILABLE, "",
                         consent_last_error (connection));
    if (code == EX_UNAVAILABLE && status != CONSENT_INVALID)
        tell_key (request, status == CONSENT_OK);
    if (reply)
        consentd__reply__free_unpacked (reply, NULL);
    consent_close (&connection);
    return code;
}

static int record_form (const char *key, const char *file, uint8_t again[RECORDING_KEY_SIZE])
{
    char *text = NULL;
    size_t size;
    int code = read_file (file, &text, &size);
    if (code == 0) {
        struct arena *arena = arena_new (ARENA_LIMIT);
        Consentd__Request *request;
        char error[FORM_ERROR];
        if (form_read ((struct bytes){text, size}, recording_key_moment (again, moment_now ()), arena, &request,
                       error) < 0) {
            code = complain (EX_DATAERR, file, error);
        } else {
            request->idempotency_key = (ProtobufCBinaryData){RECORDING_KEY_SIZE, again};
            code = record (key, request);
        }
        arena_destroy (&arena);
    }
    free (text);
    return code;
}

int consent_form_run (int argc, char **argv)
{
    static const struct option options[] = {{"key", required_argument, NULL, 'k'},
                                            {"idempotency-key", required_argument, NULL, 'i'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    const char *key = NULL;
    uint8_t again[RECORDING_KEY_SIZE];
    recording_key_new (again, moment_now ());
    opterr = 0; /* getopt would repeat what was typed */
    for (int option; (option = getopt_long (argc, argv, "", options, NULL)) != -1;) {
        if (option == 'h')
            return print_help ();
        if (option == 'i' && !recording_key_read (optarg, again))
            return complain (EX_USAGE, "", "--idempotency-key: not 32 hexadecimal digits");
        if (option == 'k')
            key = optarg;
        else if (option != 'i')
            return complain (EX_USAGE, "", "an unknown option, or one without its value; see --help");
    }
    if (!key || optind + 1 != argc)
        return complain (EX_USAGE, "", "one form and --key are needed; see sociale-team consent --help");
    return record_form (key, argv[optind], again);
}
