#include "pack.h"

#include <stdlib.h>
#include <string.h>
#include "ask.h"
#include "policy/policy_error.h"
#include "vault.h"

int pack_fail (const char *directory, int outcome, const struct policy_error *error)
{
    char text[POLICY_ERROR_TEXT];
    policy_error_text (error, directory, text);
    return ctl_fail (outcome == POLICY_INVALID ? EX_DATAERR : EX_NOINPUT, "%s%s", directory, text);
}

static int fail_each (const char *directory, int outcome, const struct policy_faults *faults)
{
    int error = EX_DATAERR;
    for (size_t i = 0; i < faults->count && i < faults->limit; i++)
        error = pack_fail (directory, outcome, &faults->list[i]);
    if (faults->count > faults->limit)
        ctl_fail (error, policy_in_words ("%s: and %zu more"), directory, faults->count - faults->limit);
    return error;
}

int pack_fail_letters (const char *directory, const struct policy_faults *faults)
{
    int error = fail_each (directory, POLICY_INVALID, faults);
    if (faults->count > 1)
        ctl_fail (error, policy_in_words ("%s: %zu things are wrong in its letters; none is made"), directory,
                  faults->count);
    return error;
}

int pack_fail_all (const char *directory, int outcome, const struct policy_faults *faults)
{
    int error = fail_each (directory, outcome, faults);
    if (faults->count > 1)
        ctl_fail (error, policy_in_words ("%s: %zu things are wrong; nothing of this pack is taken"), directory,
                  faults->count);
    return error;
}

static int read_pack (const char *directory, struct policy **policy_p, bool try)
{
    struct policy_error list[PACK_FAULTS];
    struct policy_faults faults = {.list = list, .limit = PACK_FAULTS};
    int outcome = policy_read_all (policy_p, directory, vault_hash, try, &faults);
    return outcome == 0 ? 0 : pack_fail_all (directory, outcome, &faults);
}

int pack_read (const char *directory, struct policy **policy_p)
{
    return read_pack (directory, policy_p, true);
}

int pack_read_untried (const char *directory, struct policy **policy_p)
{
    return read_pack (directory, policy_p, false);
}

const char *pack_in_force (struct ctl *ctl, int *error)
{
    if (!ask_is_operator (ctl, error))
        return NULL;
    Consentd__Reply *reply;
    *error = ask_status (ctl, &reply);
    if (*error)
        return NULL;
    const char *directory = arena_strdup (ctl->arena, reply->status_report->policy_directory);
    consentd__reply__free_unpacked (reply, NULL);
    return directory;
}

/* Asks part after part. Caller owns *bytes_p. */
static int ask_parts (struct ctl *ctl, const uint8_t hash[PACK_HASH], uint8_t **bytes_p, size_t *size)
{
    Consentd__PolicyPackRequest body = CONSENTD__POLICY_PACK_REQUEST__INIT;
    body.policy_hash = (ProtobufCBinaryData){PACK_HASH, arena_memdup (ctl->arena, hash, PACK_HASH)};
    for (bool more = true; more; body.part++) {
        Consentd__Request request = ASK_REQUEST (POLICY_PACK, policy_pack, &body);
        Consentd__Reply *reply;
        int error = ask_if_there (ctl, &request, CONSENTD__REPLY__BODY_POLICY_PACK, &reply);
        if (error || !reply)
            return error;
        const ProtobufCBinaryData *part = &reply->policy_pack->part;
        *bytes_p = realloc (*bytes_p, *size + part->len + 1);
        if (!*bytes_p)
            abort ();
        if (part->len > 0)
            memcpy (*bytes_p + *size, part->data, part->len);
        *size += part->len;
        more = reply->policy_pack->more && *size <= PACK_LIMIT;
        consentd__reply__free_unpacked (reply, NULL);
    }
    return 0;
}

int pack_kept (struct ctl *ctl, const uint8_t hash[PACK_HASH], struct policy **policy_p)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    struct policy_error why;
    *policy_p = NULL;
    int error = ask_parts (ctl, hash, &bytes, &size);
    bool is_read = !error && bytes && policy_read_whole (policy_p, bytes, size, vault_hash, &why) == 0;
    if (is_read && memcmp ((*policy_p)->hash, hash, PACK_HASH) != 0) {
        policy_destroy (policy_p);
        is_read = false;
    }
    if (!error && bytes && !is_read)
        error = ctl_fail (EX_SOFTWARE, "the pack that the registry gave is not the one that decided");
    free (bytes);
    return error;
}
