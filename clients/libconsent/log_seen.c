#include "log_seen.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "text/timestamp.h"

bool log_is_contradiction (enum log_verdict verdict)
{
    return verdict >= LOG_GONE;
}

const char *log_note_read (struct bytes raw, struct note *note, struct checkpoint *checkpoint)
{
    const char *fault = NULL;
    enum note_outcome outcome = raw.size > LOG_NOTE_SIZE ? NOTE_TOO_LONG : note_read (note, raw);
    if (outcome != NOTE_OK)
        return note_outcome_text (outcome);
    return checkpoint_read (checkpoint, note->text, &fault) ? NULL : fault;
}

bool log_key_text_read (struct note_key *key, const char *text)
{
    return note_key_read (key, text) && key->algorithm == NOTE_ED25519;
}

/* --- Keys --------------------------------------------------------------------------------------------- */

static void add_key (struct log_keys *self, const struct note_key *key)
{
    for (size_t i = 0; i < self->count; i++)
        if (memcmp (self->key[i].public_key, key->public_key, NOTE_KEY_SIZE) == 0 &&
            strcmp (self->key[i].name, key->name) == 0)
            return;
    if (self->count < LOG_KEYS_KNOWN)
        self->key[self->count++] = *key;
}

/* Of the keys that the registry says those that a log of this name can have. */
static void add_told (struct log_keys *self, const struct log_told *told, const char *origin)
{
    struct note_key key;
    for (size_t i = 0; i < told->key_count; i++)
        if (log_key_text_read (&key, told->keys[i]) && strcmp (key.name, origin) == 0)
            add_key (self, &key);
}

/* Adds to `signers` which of these keys have signed it: a log's key has the log's name. NOTE_SPOILT: one of them
   has not, though it says so. */
static enum note_outcome find_signers (const struct log_keys *known, const struct note *note, const char *origin,
                                       struct log_keys *signers)
{
    for (size_t i = 0; i < known->count; i++) {
        enum note_outcome outcome = note_verify (note, &known->key[i], NULL);
        if (outcome == NOTE_SPOILT)
            return outcome;
        if (outcome == NOTE_OK && strcmp (known->key[i].name, origin) == 0)
            add_key (signers, &known->key[i]);
    }
    return signers->count > 0 ? NOTE_OK : NOTE_NOT_SIGNED;
}

/* --- Judging ------------------------------------------------------------------------------------------ */

/* Who signed it, and of which log it is. LOG_CONTINUED: as it should be. */
static enum log_verdict judge_signatures (const struct log_seen *self, const struct log_keys *given,
                                          const struct log_told *told, const struct note *note,
                                          struct log_seen *next)
{
    const char *origin = next->checkpoint.origin;
    bool is_first = self->keys.count + given->count == 0;
    struct log_keys told_keys = {.count = 0}, signers = {.count = 0};
    add_told (&told_keys, told, origin);
    enum note_outcome outcome = find_signers (is_first ? &told_keys : &self->keys, note, origin, &signers);
    if (outcome != NOTE_SPOILT)
        outcome = find_signers (given, note, origin, &signers);
    if (outcome == NOTE_SPOILT)
        return LOG_SPOILT;
    if (outcome == NOTE_NOT_SIGNED)
        return is_first ? LOG_NOTHING : LOG_UNKNOWN; /* its keys were changed: the next one is signed by them */
    if (self->note_size > 0 && strcmp (self->checkpoint.origin, origin) != 0)
        return LOG_OTHER;
    next->keys = signers;
    add_told (&next->keys, told, origin);
    return LOG_CONTINUED;
}

/* The log of `now` begins with all lines of the log that was seen. */
static enum log_verdict judge_tree (const struct checkpoint *seen, const struct checkpoint *now,
                                    const struct log_told *told)
{
    struct merkle_hash hash[MERKLE_PATH_LIMIT];
    if (now->size < seen->size)
        return LOG_BEHIND;
    if (now->size == seen->size)
        return merkle_same (&now->root, &seen->root) ? LOG_SAME : LOG_REWRITTEN;
    if (told->earlier != seen->size)
        return LOG_UNPROVEN;
    if (told->proof.size % sizeof *hash != 0 || told->proof.size > sizeof hash)
        return LOG_REWRITTEN;
    if (told->proof.size > 0)
        memcpy (hash, told->proof.data, told->proof.size);
    const struct merkle_path path = {hash, told->proof.size / sizeof *hash};
    bool begins =
        merkle_is_consistent ((struct merkle_range){0, seen->size}, now->size, &seen->root, &now->root, path);
    return begins ? LOG_CONTINUED : LOG_REWRITTEN;
}

static enum log_verdict judge (const struct log_seen *self, const struct log_keys *given,
                               const struct log_told *told, struct log_finding *found)
{
    struct note note;
    struct log_seen *next = &found->next;
    if (told->note.size == 0)
        return self->note_size == 0 ? LOG_NOTHING : LOG_GONE;
    found->fault = log_note_read (told->note, &note, &next->checkpoint);
    if (found->fault != NULL)
        return LOG_UNREADABLE;
    found->size = next->checkpoint.size;
    enum log_verdict verdict = judge_signatures (self, given, told, &note, next);
    if (verdict == LOG_CONTINUED && self->note_size > 0)
        verdict = judge_tree (&self->checkpoint, &next->checkpoint, told);
    if (verdict != LOG_CONTINUED && verdict != LOG_SAME)
        return verdict;
    memcpy (next->note, told->note.data, told->note.size);
    next->note_size = told->note.size;
    if (verdict == LOG_CONTINUED)
        next->at = told->at;
    return verdict;
}

void log_seen_judge (const struct log_seen *self, const struct log_keys *given, const struct log_told *told,
                     struct log_finding *found)
{
    *found = (struct log_finding){.next = *self};
    found->verdict = judge (self, given, told, found);
    if (found->verdict != LOG_SAME && found->verdict != LOG_CONTINUED)
        found->next = *self;
}

/* --- Words -------------------------------------------------------------------------------------------- */

enum { COUNT_SIZE = 28, MOMENT_SIZE = TIMESTAMP_SIZE };

/* 1034 as 1,034. */
static const char *print_count (uint64_t number, char text[COUNT_SIZE])
{
    char digits[COUNT_SIZE], *at = text;
    size_t size = (size_t)snprintf (digits, sizeof digits, "%" PRIu64, number);
    for (size_t i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0)
            *at++ = ',';
        *at++ = digits[i];
    }
    *at = 0;
    return text;
}

void log_seen_sentence (const struct log_seen *self, const struct log_finding *found, char text[LOG_SENTENCE_SIZE])
{
    char now[COUNT_SIZE], before[COUNT_SIZE], when[MOMENT_SIZE] = "an unknown day";
    print_count (found->size, now);
    print_count (self->checkpoint.size, before);
    timestamp_print (self->at, when);
    switch (found->verdict) {
    case LOG_GONE:
        snprintf (text, LOG_SENTENCE_SIZE,
                  "the registry shows no checkpoint of its log any more, and signed %s lines on %s", before, when);
        break;
    case LOG_BEHIND:
        snprintf (text, LOG_SENTENCE_SIZE, "the registry's log has %s lines, and it signed %s on %s", now, before,
                  when);
        break;
    case LOG_REWRITTEN:
        snprintf (text, LOG_SENTENCE_SIZE,
                  "the registry's log of %s lines does not begin with the %s that it signed on %s", now, before,
                  when);
        break;
    case LOG_UNKNOWN:
    case LOG_SPOILT:
        snprintf (text, LOG_SENTENCE_SIZE, "what the registry shows of its log, %s lines, %s", now,
                  note_outcome_text (found->verdict == LOG_SPOILT ? NOTE_SPOILT : NOTE_NOT_SIGNED));
        break;
    case LOG_OTHER:
        snprintf (text, LOG_SENTENCE_SIZE, "what the registry shows is of a log of another name than was signed");
        break;
    default:
        snprintf (text, LOG_SENTENCE_SIZE, "what the registry shows of its log %s",
                  found->fault != NULL ? found->fault : "does not contradict it");
        break;
    }
}
