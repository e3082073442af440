#include "recorded.h"
#include <string.h>
#include "codec/codec_recorded.h"
#include "since.h"

/* What the head of the line says of the reply, and what was the same for many lines. */
static int find_common (struct turn *turn, const struct audit_head *head, struct reply *reply,
                        struct evidence *evidence)
{
    struct check_reply *check = &reply->as.check;
    struct bytes epoch, policy;
    int rc = since_find (turn, SINCE_EPOCH, head->number, &epoch);
    if (rc != 0 || epoch.size != sizeof reply->epoch)
        return rc < 0 ? rc : RECORD_DAMAGED;
    memcpy (reply->epoch, epoch.data, sizeof reply->epoch);
    rc = since_find (turn, SINCE_POLICY, head->number, &policy);
    if (rc != 0 || policy.size < VAULT_HASH_SIZE)
        return rc < 0 ? rc : RECORD_DAMAGED;
    const char *both = arena_memdup (turn->arena, policy.data, policy.size);
    evidence->policy_hash = (const uint8_t *)both;
    check->policy_id = arena_strndup (turn->arena, both + VAULT_HASH_SIZE, policy.size - VAULT_HASH_SIZE);
    check->number = head->number;
    check->evaluated_at = head->time;
    vault_subject_ref (turn->vault, head->object, head->party, check->subject_ref.bytes);
    reply->time = head->time;
    reply->revision = head->revision;
    reply->has_key = head->has_key;
    memcpy (reply->idempotency_key, head->idempotency_key, sizeof reply->idempotency_key);
    return 0;
}

int recorded_open (struct turn *turn, const struct audit_record *record, struct evidence *evidence)
{
    int rc = audit_open (turn, record, evidence);
    if (rc != 0 || !evidence->has_answer)
        return rc;
    struct codec_kept kept = {
        .asked = evidence->asked, .user = evidence->user, .reply = {.status = STATUS_OK, .body = REPLY_CHECK}};
    evidence->answer.rested_on = evidence->rested_on;
    evidence->answer.rested_count = evidence->rested_count;
    kept.reply.as.check.answer = &evidence->answer;
    rc = find_common (turn, &record->head, &kept.reply, evidence);
    if (rc != 0)
        return rc;
    rc = codec_restore_check (&kept, turn->arena, &evidence->request, &evidence->reply);
    return rc == 0 ? 0 : RECORD_DAMAGED;
}
