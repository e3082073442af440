#include "log_trust.h"
#include <string.h>

int log_trust_read (struct ctl *ctl, const struct options *options, struct log_trust *self)
{
    size_t count;
    char **texts = options_list (options, "log-key", ctl->arena, &count);
    if (count > LOG_TRUST_KEYS)
        return ctl_fail (EX_USAGE, "--log-key: at most %d keys", LOG_TRUST_KEYS);
    for (self->count = 0; self->count < count; self->count++)
        if (!note_key_read (&self->key[self->count], texts[self->count]) ||
            self->key[self->count].algorithm != NOTE_ED25519)
            return ctl_fail (EX_USAGE, "--log-key: not a key that signs a log: name+hash+base64");
    return 0;
}

/* Signed by a key that is trusted, and by none of them wrongly. */
static enum note_outcome judge (const struct log_trust *self, const struct note *note)
{
    enum note_outcome found = NOTE_NOT_SIGNED;
    for (size_t i = 0; i < self->count; i++) {
        enum note_outcome one = note_verify (note, &self->key[i], NULL);
        if (one == NOTE_SPOILT)
            return one;
        found = one == NOTE_OK ? NOTE_OK : found;
    }
    return found;
}

int log_trust_judge (const struct log_trust *self, struct bytes raw, const char *what,
                     struct checkpoint *checkpoint)
{
    struct note note;
    const char *fault;
    enum note_outcome outcome = note_read (&note, raw);
    if (outcome == NOTE_OK)
        outcome = judge (self, &note);
    if (outcome != NOTE_OK)
        return ctl_fail (CTL_NO, "%s %s", what, note_outcome_text (outcome));
    if (!checkpoint_read (checkpoint, note.text, &fault))
        return ctl_fail (CTL_NO, "%s %s", what, fault);
    for (size_t i = 0; i < self->count; i++)
        if (strcmp (self->key[i].name, checkpoint->origin) == 0)
            return 0;
    return ctl_fail (CTL_NO, "%s is of another log: %s", what, checkpoint->origin);
}
