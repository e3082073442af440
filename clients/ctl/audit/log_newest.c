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

int log_newest_ask (struct ctl *ctl, struct log_trust *trust, const struct checkpoint *earlier,
                    struct log_newest *newest)
{
    Consentd__LogCheckpointRequest body;
    consentd__log_checkpoint_request__init (&body);
    Consentd__Request request = ASK_REQUEST (LOG_CHECKPOINT, log_checkpoint, &body);
    Consentd__Reply *reply;
    body.earlier = earlier->size;
    int error = ask (ctl, &request, CONSENTD__REPLY__BODY_LOG_CHECKPOINT, &reply);
    if (error)
        return error;
    const Consentd__LogCheckpointReply *told = reply->log_checkpoint;
    if (trust->count == 0)
        take_keys (trust, told);
    newest->raw = (struct bytes){arena_memdup (ctl->arena, told->checkpoint.data, told->checkpoint.len),
                                 told->checkpoint.len};
    error = log_trust_judge (trust, newest->raw, "the registry's checkpoint", &newest->checkpoint);
    if (!error && !is_continued (earlier, &newest->checkpoint, &told->proof))
        error = ctl_fail (CTL_NO,
                          "the registry's log does not begin with the %" PRIu64
                          " lines that are here: it was changed, or put back to an earlier state",
                          earlier->size);
    consentd__reply__free_unpacked (reply, NULL);
    return error;
}

json_t *log_newest_document (const struct checkpoint *checkpoint)
{
    char root[2 * MERKLE_HASH_SIZE + 1];
    consent_hex (checkpoint->root.bytes, MERKLE_HASH_SIZE, root);
    return json_pack ("{s:o, s:I, s:s}", "origin", document_string (checkpoint->origin), "size",
                      (json_int_t)checkpoint->size, "root", root);
}
