#include "witness.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include "config/file_write.h"
#include "text/escape.h"
#include "text/timestamp.h"
#include "witness_key.h"

/* Every registry that answers owes this answer too, unless its store is full. */
static void tell_unanswered (const struct consent_checkpoint *checkpoint, struct witness_told *told)
{
    char when[TIMESTAMP_SIZE] = "?";
    int64_t since = checkpoint->unanswered_since;
    bool is_long = since && (int64_t)time (NULL) * 1000 - since >= WITNESS_PATIENCE;
    if (is_long && !told->unanswered && timestamp_print (since, when))
        escape_line (
            stderr,
            "consent-watch: the registry was asked on %s for its log, and has not shown it since. Events go on; "
            "that its log is what it was is not known: ask who runs it",
            when);
    told->unanswered = is_long;
}

void witness_tell (consent_t *registry, struct witness_told *told)
{
    struct consent_checkpoint checkpoint;
    const char *former = consent_former_position (registry);
    if (*former && !told->former)
        escape_line (stderr, "consent-watch: the position that was there is kept in %s", former);
    told->former = *former;
    consent_checkpoint (registry, &checkpoint);
    tell_unanswered (&checkpoint, told);
    if (strncmp (checkpoint.refused, told->refused, sizeof told->refused - 1) == 0)
        return;
    snprintf (told->refused, sizeof told->refused, "%s", checkpoint.refused);
    if (*told->refused)
        escape_line (stderr, "consent-watch: the registry did not take the cosignature: %s", told->refused);
}

void witness_shout (const consent_t *registry)
{
    escape_line (stderr, "consent-watch: CONTRADICTION: %s", consent_last_error (registry));
    escape_line (
        stderr, "consent-watch: this registry was put back or rewritten. Believe nothing of it, keep the evidence "
                "and the position file, and ask who runs it what happened");
}

int witness_make_key (const char *file, const char *name)
{
    struct note_key key;
    char text[NOTE_KEY_TEXT_SIZE];
    int result = witness_key_create (file, name, &key);
    if (result == WITNESS_KEY_INVALID) {
        escape_line (stderr, "consent-watch: --name: a name has no spaces and no plus, and at most %d bytes",
                     NOTE_NAME_SIZE);
        return EX_USAGE;
    }
    if (result) {
        escape_line (stderr, "consent-watch: cannot make %s: %s", file, strerror (-result));
        return result == -EEXIST || file_is_no_name (result) ? EX_CANTCREAT : EX_IOERR;
    }
    note_key_write (&key, text);
    puts (text);
    return EX_OK;
}
