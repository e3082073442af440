/* consentctl receipt code: somebody rings, and reads the code of a letter aloud. */
#include "receipt_look_up.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "ask.h"
#include "audit/log.h"
#include "codec/document.h"
#include "moments.h"
#include "receipt_code.h"
#include "table.h"

const char receipt_code_details[] = "For an operator. Exit code 1 if that line of the log has another code: then "
                                    "the letter is of another registry,\n"
                                    "or the log is not what it was.";

static void print (struct ctl *ctl, const char *short_code, const struct audit_head *head)
{
    static const char *const headings[] = {"CODE", ">LINE", "TIME", "PARTY", "ACTION", "RESULT", "-#SUBJECT"};
    char when[MOMENT_TEXT];
    ProtobufCBinaryData subject = {sizeof head->object,
                                   arena_memdup (ctl->arena, head->object, sizeof head->object)};
    if (ctl->json) {
        document_print (json_pack ("{s:s, s:I, s:o, s:o, s:o, s:o, s:s}", "code", short_code, "number",
                                   (json_int_t)head->number, "time", document_time (head->time), "party",
                                   document_string (head->party), "action", document_string (head->action),
                                   "result", document_string (head->result), "subject", ask_hex (ctl, &subject)));
        return;
    }
    struct table table = table_start (ctl->arena, headings, 7);
    table_add (&table, (const char *[]){short_code, table_number (ctl->arena, head->number),
                                        moment_print (head->time, when), head->party, head->action, head->result,
                                        ask_hex (ctl, &subject)});
    table_print (&table, stdout);
}

static int compare (struct ctl *ctl, const char *typed, uint64_t number, const ProtobufCBinaryData *line)
{
    struct audit_record record = {0};
    char own[RECEIPT_CODE_SIZE];
    struct bytes raw = {line->data, line->len};
    struct merkle_hash leaf = merkle_leaf (raw);
    receipt_code_write (number, &leaf, own);
    if (strcmp (typed, own) != 0)
        return ctl_fail (CTL_NO, "line %" PRIu64 " has another code: %s", number, own);
    if (audit_parse (ctl->arena, raw, &record) != 0)
        return ctl_fail (EX_PROTOCOL, "the registry sent no line");
    print (ctl, typed, &record.head);
    return 0;
}

int run_receipt_code (struct ctl *ctl, const struct options *options)
{
    Consentd__LogProveRequest body;
    consentd__log_prove_request__init (&body);
    Consentd__Request request = ASK_REQUEST (LOG_PROVE, log_prove, &body);
    Consentd__Reply *reply;
    char typed[RECEIPT_CODE_SIZE];
    if (!receipt_code_read (options->arguments[0], typed))
        return ctl_fail (EX_USAGE, "this is no code, or a sign in it is wrong: have it read again");
    body.number = strtoull (typed, NULL, 10);
    int error = ask (ctl, &request, CONSENTD__REPLY__BODY_LOG_PROVE, &reply);
    if (error)
        return error;
    error = compare (ctl, typed, body.number, &reply->log_prove->line);
    consentd__reply__free_unpacked (reply, NULL);
    return error;
}
