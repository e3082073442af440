/* consentctl audit prove | proof */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include "ask.h"
#include "codec/document.h"
#include "config/file_write.h"
#include "input.h"
#include "log_trust.h"
#include "merkle/lines.h"
#include "merkle/proof_file.h"
#include "outcome.h"
#include "proof_text.h"
#include "text/escape.h"

/* --- Prove --------------------------------------------------------------------------------------------- */

static const struct option prove_options[] = {
    {"out", "FILE", "the proof, a new file", OPTION_REQUIRED},
    LOG_KEY_OPTION,
    WITNESS_OPTIONS,
    {NULL, NULL, NULL, 0},
};

static int write_proof (struct ctl *ctl, uint64_t number, const Consentd__LogProveReply *told, const char *file)
{
    const struct proven_line proven = {number,
                                       {told->line.data, told->line.len},
                                       {told->proof.data, told->proof.len},
                                       {told->checkpoint.data, told->checkpoint.len}};
    struct bytes text = proof_text (ctl->arena, &proven);
    if (text.size == 0)
        return ctl_fail (EX_PROTOCOL, "the registry sent no proof that can be written");
    int rc = file_create (file, text.data, text.size);
    if (rc != 0)
        return ctl_fail (file_is_no_name (rc) || rc == -EEXIST ? EX_CANTCREAT : EX_IOERR, "cannot make %s: %s",
                         file, outcome_sentence (rc));
    if (ctl->json)
        document_print (json_pack ("{s:I, s:o}", "number", (json_int_t)number, "file", document_string (file)));
    else
        escape_line (stdout, "%s proves line %" PRIu64 ".", file, number);
    return 0;
}

/* A proof that those would not believe whose keys were given is not written. */
static int judge_checkpoint (const struct log_trust *trust, const ProtobufCBinaryData *note)
{
    static const char what[] = "the checkpoint that the registry proves it by";
    struct checkpoint unused;
    struct bytes raw = {note->data, note->len};
    return trust->count > 0 ? log_trust_judge (trust, raw, what, &unused)
                            : log_trust_judge_witnesses (trust, raw, what);
}

static int read_number (const char *text, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull (text, &end, 10);
    if (errno != 0 || *end != 0 || text[0] < '0' || text[0] > '9')
        return ctl_fail (EX_USAGE, "NUMBER is that of a line of the log");
    return 0;
}

static int run_prove (struct ctl *ctl, const struct options *options)
{
    Consentd__LogProveRequest body;
    consentd__log_prove_request__init (&body);
    Consentd__Request request = ASK_REQUEST (LOG_PROVE, log_prove, &body);
    Consentd__Reply *reply;
    struct log_trust trust;
    int error = read_number (options->arguments[0], &body.number);
    if (!error)
        error = log_trust_read (ctl, options, &trust);
    if (error)
        return error;
    body.witnesses = log_trust_witness_texts (ctl, &trust);
    body.n_witnesses = trust.witness_count;
    body.needed = (uint32_t)trust.needed;
    error = ask (ctl, &request, CONSENTD__REPLY__BODY_LOG_PROVE, &reply);
    if (error)
        return error;
    error = judge_checkpoint (&trust, &reply->log_prove->checkpoint);
    if (!error)
        error = write_proof (ctl, body.number, reply->log_prove, options_text (options, "out"));
    consentd__reply__free_unpacked (reply, NULL);
    return error;
}

/* --- Proof --------------------------------------------------------------------------------------------- */

static const struct option proof_options[] = {LOG_KEY_OPTION, WITNESS_OPTIONS, {NULL, NULL, NULL, 0}};

/* Reads the line that the proof is of. */
static int read_line (struct ctl *ctl, const struct proof_file *proof, const char *file, struct bytes *line)
{
    uint8_t *made = arena_alloc (ctl->arena, proof->extra.size + 1);
    if (proof->extra.size == 0)
        return ctl_fail (CTL_NO, "%s has no line with it", file);
    if (!lines_base64 (proof->extra, made, proof->extra.size, &line->size))
        return ctl_fail (CTL_NO, "%s has a line that is not base64", file);
    line->data = made;
    return 0;
}

static int judge (struct ctl *ctl, const struct log_trust *trust, const char *file, struct bytes raw)
{
    struct proof_file proof;
    struct checkpoint checkpoint;
    struct bytes line;
    const char *fault;
    if (!proof_file_read (&proof, raw, &fault))
        return ctl_fail (CTL_NO, "%s %s", file, fault);
    int error = log_trust_judge (trust, proof.checkpoint, arena_printf (ctl->arena, "the checkpoint in %s", file),
                                 &checkpoint);
    if (!error)
        error = read_line (ctl, &proof, file, &line);
    if (error)
        return error;
    if (!proof_file_holds (&proof, &checkpoint, line))
        return ctl_fail (CTL_NO, "%s: the line in it is not line %" PRIu64 " of the log that was signed", file,
                         proof.index + 1);
    if (ctl->json)
        document_print (json_pack ("{s:I, s:o, s:I, s:o}", "number", (json_int_t)(proof.index + 1), "origin",
                                   document_string (checkpoint.origin), "size", (json_int_t)checkpoint.size,
                                   "witnesses", log_trust_signed_document (trust, proof.checkpoint)));
    else
        printf ("Line %" PRIu64 " of %s, as it is in %s: the log had it, so, when it had %" PRIu64 " lines.\n",
                proof.index + 1, checkpoint.origin, file, checkpoint.size);
    if (!ctl->json)
        log_trust_print_signed (trust, proof.checkpoint);
    return 0;
}

static int run_proof (struct ctl *ctl, const struct options *options)
{
    struct log_trust trust;
    const char *file = options->arguments[0];
    char *text = arena_alloc (ctl->arena, PROOF_FILE_SIZE + 1);
    int error = log_trust_read (ctl, options, &trust);
    if (!error && trust.count == 0)
        error = ctl_fail (EX_USAGE, "--log-key is missing: without a key nobody can tell whose log it is");
    if (error)
        return error;
    ssize_t size = input_read (file, text, PROOF_FILE_SIZE + 1);
    if (size < 0)
        return ctl_fail (EX_NOINPUT, "cannot read %s: %s", file, input_problem (size));
    return judge (ctl, &trust, file, (struct bytes){text, (size_t)size});
}

const struct command audit_prove_commands[] = {
    {"audit prove", "NUMBER", "prove that the log has this line, as a file",
     "C2SP tlog-proof, with the line as it is stored. The newest checkpoint must have it: one is made within a "
     "minute,\n"
     "unless configured otherwise.",
     prove_options, run_prove},
    {"audit proof", "FILE", "verify the proof of a line, without the registry",
     "Exit code 1, and what does not fit, if it proves nothing.", proof_options, run_proof},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
