#include "evidence.h"

#include <string.h>
#include <unistd.h>
#include "ctl.h"
#include "call.h"
#include "input.h"
#include "vault.h"

/* A hash is as long as two identifiers, and is written in the same way. */
static bool read_hash (const char *text, uint8_t hash[VAULT_HASH_SIZE])
{
    char half[33] = "";
    if (strlen (text) != 64)
        return false;
    memcpy (half, text, 32);
    return consent_unhex (half, hash) && consent_unhex (text + 32, hash + 16);
}

int evidence_read (struct ctl *ctl, const struct options *options, Consentd__Evidence *evidence,
                   Consentd__Evidence **given)
{
    const char *file = options_text (options, "evidence-file"), *hash = options_text (options, "evidence-sha256");
    evidence->reference = options_field (options, "evidence-reference");
    *given = file || hash || *evidence->reference ? evidence : NULL;
    if (file && hash)
        return ctl_fail (EX_USAGE, "--evidence-file and --evidence-sha256 exclude each other");
    if (!file && !hash)
        return 0;
    evidence->sha256.len = VAULT_HASH_SIZE;
    evidence->sha256.data = arena_alloc (ctl->arena, VAULT_HASH_SIZE);
    if (hash)
        return read_hash (hash, evidence->sha256.data)
                   ? 0
                   : ctl_fail (EX_USAGE, "--evidence-sha256: not 64 hexadecimal digits");
    int fd = input_open (file), error = fd < 0 ? fd : vault_sha256_fd (fd, evidence->sha256.data);
    if (fd >= 0)
        close (fd);
    return error ? ctl_fail (EX_NOINPUT, "cannot read %s: %s", file, input_problem (error)) : 0;
}
