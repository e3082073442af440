#include "receipt_ask.h"
#include <stdlib.h>
#include <string.h>
#include "audit/proof_text.h"
#include "codec/document.h"
#include "receipt_code.h"

enum { ATTEMPTS = 8 /* with the pauses between them more than the second that a checkpoint may take */ };

static struct bytes bytes_of (const ProtobufCBinaryData *data)
{
    return (struct bytes){data->data, data->len};
}

static int take_lines (struct ctl *ctl, const Consentd__ReceiptReply *told, struct receipt_file *file)
{
    if (told->n_lines == 0 || told->n_lines > RECEIPT_FILE_LINES)
        return ctl_fail (EX_PROTOCOL, "the registry sent no lines for a receipt");
    for (; file->count < told->n_lines; file->count++) {
        const Consentd__ReceiptLine *line = told->lines[file->count];
        const struct proven_line proven = {line->number, bytes_of (&line->line), bytes_of (&line->proof),
                                           bytes_of (&told->checkpoint)};
        struct receipt_proof *proof = &file->proof[file->count];
        proof->text = proof_text (ctl->arena, &proven);
        proof->key = bytes_of (&line->key);
        if (proof->text.size == 0)
            return ctl_fail (EX_PROTOCOL, "the registry sent no proof that can be written");
    }
    return 0;
}

/* What the codes mean: {"CATEGORY": {"naw": "Naam, adres en woonplaats"}, ...}. */
static json_t *words_of (const Consentd__ReceiptReply *told)
{
    json_t *words = json_pack ("{s:o}", "controller", document_string (told->controller));
    for (size_t i = 0; i < told->n_labels; i++) {
        const Consentd__OverviewLabel *label = told->labels[i];
        const char *kind = consent_name (&consentd__overview_label__kind__descriptor, (int)label->kind);
        json_t *list = json_object_get (words, kind);
        if (list == NULL)
            json_object_set_new (words, kind, list = json_object ());
        json_object_set_new (list, label->code, document_string (label->label));
    }
    return words;
}

static int make (struct ctl *ctl, const Consentd__ReceiptReply *told, struct receipt_made *made)
{
    int error = take_lines (ctl, told, &made->file);
    if (error)
        return error;
    const char *problem = receipt_make (&made->file, ctl->arena, &made->judged);
    if (problem != NULL)
        return ctl_fail (EX_PROTOCOL, "what the registry sent makes no receipt: %s", problem);
    const struct receipt_seen *newest = receipt_newest (&made->judged.lines);
    char *short_code = arena_alloc (ctl->arena, RECEIPT_CODE_SIZE);
    receipt_code_write (newest->head.number, &newest->leaf, short_code);
    made->code = short_code;
    made->text = receipt_file_write (&made->file, words_of (told));
    return 0;
}

static int judge_checkpoint (const struct log_trust *trust, const ProtobufCBinaryData *note)
{
    static const char what[] = "the checkpoint that the registry proves it by";
    struct checkpoint unused;
    return trust->count > 0 ? log_trust_judge (trust, bytes_of (note), what, &unused)
                            : log_trust_judge_witnesses (trust, bytes_of (note), what);
}

int receipt_ask (struct ctl *ctl, const struct log_trust *trust, Consentd__ReceiptRequest *asked,
                 struct receipt_made *made)
{
    Consentd__Request request = ASK_REQUEST (RECEIPT, receipt, asked);
    *made = (struct receipt_made){.reply = NULL};
    int error = ask_open (ctl);
    if (error)
        return error;
    consent_set_attempts (ctl->registry, ATTEMPTS);
    asked->witnesses = log_trust_witness_texts (ctl, trust);
    asked->n_witnesses = trust->witness_count;
    asked->needed = (uint32_t)trust->needed;
    error = ask (ctl, &request, CONSENTD__REPLY__BODY_RECEIPT, &made->reply);
    if (!error)
        error = judge_checkpoint (trust, &made->reply->receipt->checkpoint);
    return error ? error : make (ctl, made->reply->receipt, made);
}

void receipt_made_clear (struct receipt_made *made)
{
    receipt_file_clear (&made->file);
    if (made->text != NULL)
        explicit_bzero (made->text, strlen (made->text));
    free (made->text);
    if (made->reply != NULL)
        consentd__reply__free_unpacked (made->reply, NULL);
}
