#include "log_trust.h"
#include <inttypes.h>
#include <string.h>
#include "codec/document.h"
#include "moments.h"

/* --- Options ------------------------------------------------------------------------------------------- */

/* What a key of one option must be. */
struct sort {
    const char *option;
    enum note_algorithm algorithm;
    size_t most;
    const char *fault;
};

static int read_keys (struct ctl *ctl, const struct options *options, const struct sort *sort,
                      struct note_key *keys, size_t *count)
{
    size_t given;
    char **texts = options_list (options, sort->option, ctl->arena, &given);
    if (given > sort->most)
        return ctl_fail (EX_USAGE, "--%s: at most %zu keys", sort->option, sort->most);
    for (*count = 0; *count < given; ++*count) {
        struct note_key *key = &keys[*count];
        if (!note_key_read (key, texts[*count]) || key->algorithm != sort->algorithm)
            return ctl_fail (EX_USAGE, "--%s: not a key that %s: name+hash+base64", sort->option, sort->fault);
        for (size_t i = 0; i < *count; i++)
            if (strcmp (texts[i], texts[*count]) == 0)
                return ctl_fail (EX_USAGE, "--%s: a key is given twice", sort->option);
    }
    return 0;
}

int log_trust_read_keys (struct ctl *ctl, const struct options *options, struct log_trust *self)
{
    static const struct sort logs = {"log-key", NOTE_ED25519, LOG_TRUST_KEYS, "signs a log"};
    self->witness_count = self->needed = 0;
    return read_keys (ctl, options, &logs, self->key, &self->count);
}

int log_trust_read (struct ctl *ctl, const struct options *options, struct log_trust *self)
{
    static const struct sort witnesses = {"witness", NOTE_COSIGNATURE, LOG_TRUST_WITNESSES, "is a witness's"};
    int error = log_trust_read_keys (ctl, options, self);
    if (!error)
        error = read_keys (ctl, options, &witnesses, self->witness, &self->witness_count);
    if (error)
        return error;
    unsigned long needed = self->witness_count;
    if (needed == 0 && options_has (options, "witnesses"))
        return ctl_fail (EX_USAGE, "--witnesses goes with --witness");
    if (needed > 0)
        error = options_number (options, "witnesses", 1, needed, &needed);
    self->needed = needed;
    return error;
}

struct log_trust log_trust_in_keys (const struct log_trust *self)
{
    struct log_trust made = *self;
    made.needed = 0;
    return made;
}

char **log_trust_witness_texts (struct ctl *ctl, const struct log_trust *self)
{
    char **texts = arena_array (ctl->arena, self->witness_count, sizeof *texts);
    for (size_t i = 0; i < self->witness_count; i++) {
        texts[i] = arena_alloc (ctl->arena, NOTE_KEY_TEXT_SIZE);
        note_key_write (&self->witness[i], texts[i]);
    }
    return texts;
}

/* --- Judging ------------------------------------------------------------------------------------------- */

enum note_outcome log_trust_signed (const struct log_trust *self, const struct note *note)
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

/* How many witnesses have signed; *missing: the first that has not, or not so that it fits. */
static size_t count_signed (const struct log_trust *self, const struct note *note, const struct note_key **missing)
{
    size_t count = 0;
    for (size_t i = 0; i < self->witness_count; i++)
        if (note_verify (note, &self->witness[i], NULL) == NOTE_OK)
            count++;
        else if (*missing == NULL)
            *missing = &self->witness[i];
    return count;
}

bool log_trust_has_witnesses (const struct log_trust *self, struct bytes raw)
{
    struct note note;
    const struct note_key *missing = NULL;
    return note_read (&note, raw) == NOTE_OK && count_signed (self, &note, &missing) >= self->needed;
}

int log_trust_judge_witnesses (const struct log_trust *self, struct bytes raw, const char *what)
{
    struct note note;
    const struct note_key *missing = NULL;
    if (self->needed == 0)
        return 0;
    if (note_read (&note, raw) != NOTE_OK)
        return ctl_fail (CTL_NO, "%s %s", what, note_outcome_text (NOTE_MALFORMED));
    size_t count = count_signed (self, &note, &missing);
    return count >= self->needed
               ? 0
               : ctl_fail (CTL_NO, "%s is signed by %zu of the %zu witnesses that are needed, and not by %s", what,
                           count, self->needed, missing->name);
}

bool log_trust_is_of (const struct log_trust *self, const struct checkpoint *checkpoint)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp (self->key[i].name, checkpoint->origin) == 0)
            return true;
    return false;
}

int log_trust_judge (const struct log_trust *self, struct bytes raw, const char *what,
                     struct checkpoint *checkpoint)
{
    struct note note;
    const char *fault;
    enum note_outcome outcome = note_read (&note, raw);
    if (outcome == NOTE_OK)
        outcome = log_trust_signed (self, &note);
    if (outcome != NOTE_OK)
        return ctl_fail (CTL_NO, "%s %s", what, note_outcome_text (outcome));
    if (!checkpoint_read (checkpoint, note.text, &fault))
        return ctl_fail (CTL_NO, "%s %s", what, fault);
    if (log_trust_is_of (self, checkpoint))
        return log_trust_judge_witnesses (self, raw, what);
    return ctl_fail (CTL_NO, "%s is of another log: %s", what, checkpoint->origin);
}

/* --- Telling ------------------------------------------------------------------------------------------- */

moment log_trust_signed_at (const struct note_key *witness, const struct note *note)
{
    uint64_t time;
    bool is_signed = note_verify (note, witness, &time) == NOTE_OK && time <= INT64_MAX / 1000;
    return is_signed ? (moment)time * 1000 : 0;
}

void log_trust_print_signed (const struct log_trust *self, struct bytes raw)
{
    struct note note;
    if (note_read (&note, raw) != NOTE_OK)
        return;
    for (size_t i = 0; i < self->witness_count; i++) {
        char text[MOMENT_TEXT];
        moment when = log_trust_signed_at (&self->witness[i], &note);
        if (when != 0)
            printf ("Seen by the witness %s, %s.\n", self->witness[i].name, moment_print (when, text));
    }
}

json_t *log_trust_signed_document (const struct log_trust *self, struct bytes raw)
{
    struct note note;
    json_t *all = json_array ();
    for (size_t i = 0; i < self->witness_count && note_read (&note, raw) == NOTE_OK; i++) {
        char key[NOTE_KEY_TEXT_SIZE];
        moment when = log_trust_signed_at (&self->witness[i], &note);
        note_key_write (&self->witness[i], key);
        if (when != 0)
            json_array_append_new (
                all, json_pack ("{s:o, s:o}", "key", document_string (key), "signed_at", document_time (when)));
    }
    return all;
}
