#include "log_newest.h"
#include <inttypes.h>
#include <string.h>
#include "ask.h"
#include "codec/document.h"

/* Its own keys count where none was given: then the registry is trusted for them. */
static void take_keys (struct log_trust *trust, const Consentd__LogCheckpointReply *told)
{
    for (size_t i = 0; i < told->n_keys && i < LOG_TRUST_KEYS; i++)
        if (note_key_read (&trust->key[trust->count], told->keys[i]))
            trust->count++;
}

/* The proof says that the log still begins with what the earlier checkpoint has. */
static bool is_continued (const struct checkpoint *earlier, const struct checkpoint *newest,
                          const ProtobufCBinaryData *proof)
{
    struct merkle_hash hash[MERKLE_PATH_LIMIT];
    struct merkle_path path = {hash, proof->len / MERKLE_HASH_SIZE};
    if (earlier->size == 0)
        return true;
    if (proof->len % MERKLE_HASH_SIZE != 0 || path.count > MERKLE_PATH_LIMIT)
        return false;
    if (proof->len > 0)
        memcpy (hash, proof->data, proof->len);
    return merkle_is_consistent ((struct merkle_range){0, earlier->size}, newest->size, &earlier->root,
                                 &newest->root, path);
}

static void wish (struct ctl *ctl, const struct log_trust *trust, Consentd__LogCheckpointRequest *body)
{
    body->witnesses = log_trust_witness_texts (ctl, trust);
    body->n_witnesses = trust->witness_count;
    body->needed = (uint32_t)trust->needed;
}

/* Takes the newest one that has the signatures of the witnesses. */
static int take_witnessed (struct ctl *ctl, const struct log_trust *trust, const ProtobufCBinaryData *cosigned,
                           struct log_newest *newest)
{
    static const char what[] = "the registry's newest checkpoint";
    if (log_trust_has_witnesses (trust, newest->raw))
        return 0;
    if (cosigned->len == 0)
        return log_trust_judge_witnesses (trust, newest->raw, what);
    newest->raw = (struct bytes){arena_memdup (ctl->arena, cosigned->data, cosigned->len), cosigned->len};
    return log_trust_judge (trust, newest->raw, "the checkpoint that the registry says is witnessed",
                            &newest->checkpoint);
}

static int judge (struct ctl *ctl, struct log_trust *trust, const struct checkpoint *earlier,
                  const Consentd__LogCheckpointReply *told, struct log_newest *newest)
{
    if (trust->count == 0)
        take_keys (trust, told);
    const struct log_trust keys = log_trust_in_keys (trust);
    newest->raw = (struct bytes){arena_memdup (ctl->arena, told->checkpoint.data, told->checkpoint.len),
                                 told->checkpoint.len};
    int error = log_trust_judge (&keys, newest->raw, "the registry's checkpoint", &newest->checkpoint);
    newest->signed_size = newest->checkpoint.size;
    if (!error && !is_continued (earlier, &newest->checkpoint, &told->proof))
        error = ctl_fail (CTL_NO,
                          "the registry's log does not begin with the %" PRIu64
                          " lines that are here: it was changed, or put back to an earlier state",
                          earlier->size);
    return error ? error : take_witnessed (ctl, trust, &told->cosigned, newest);
}

/* `asks`: ask, or ask_if_there, which leaves no reply where there is none. */
static int ask_by (int (*asks) (struct ctl *, Consentd__Request *, Consentd__Reply__BodyCase, Consentd__Reply **),
                   struct ctl *ctl, struct log_trust *trust, const struct checkpoint *earlier,
                   struct log_newest *newest)
{
    Consentd__LogCheckpointRequest body;
    consentd__log_checkpoint_request__init (&body);
    Consentd__Request request = ASK_REQUEST (LOG_CHECKPOINT, log_checkpoint, &body);
    Consentd__Reply *reply;
    body.earlier = earlier->size;
    wish (ctl, trust, &body);
    newest->checkpoint.size = 0;
    int error = asks (ctl, &request, CONSENTD__REPLY__BODY_LOG_CHECKPOINT, &reply);
    if (error || reply == NULL)
        return error;
    error = judge (ctl, trust, earlier, reply->log_checkpoint, newest);
    consentd__reply__free_unpacked (reply, NULL);
    return error;
}

int log_newest_ask (struct ctl *ctl, struct log_trust *trust, const struct checkpoint *earlier,
                    struct log_newest *newest)
{
    return ask_by (ask, ctl, trust, earlier, newest);
}

int log_newest_if_there (struct ctl *ctl, struct log_trust *trust, const struct checkpoint *earlier,
                         struct log_newest *newest)
{
    return ask_by (ask_if_there, ctl, trust, earlier, newest);
}

json_t *log_newest_document (const struct checkpoint *checkpoint)
{
    char root[2 * MERKLE_HASH_SIZE + 1];
    consent_hex (checkpoint->root.bytes, MERKLE_HASH_SIZE, root);
    return json_pack ("{s:o, s:I, s:s}", "origin", document_string (checkpoint->origin), "size",
                      (json_int_t)checkpoint->size, "root", root);
}
