/* libFuzzer: any bytes as the position file of a subscriber, with the sum that belongs to them, and as what a
   registry shows of its log. What is read is written again, and is the same bytes; and whatever is shown, nothing
   is believed but what a known key has signed, and what begins with all that was seen. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "position.h"

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const char key_text[] =
    "gemeente-voorbeeld.nl/toestemmingen+ad35b953+AfUdSdgK9gsfPGZB1geCuvwzn8FFgTKbrSKP1BX6CTdG"; /* of the tests */
static const char signed_text[] =
    "gemeente-voorbeeld.nl/toestemmingen\n3\n"; /* with which all that it signed begins */
static const char first_line[] = "consent-position 2\nsum ";
enum { SUM = 2 * crypto_hash_sha256_BYTES, BODY = sizeof first_line - 1 + SUM + 1 };

static struct log_keys given;
static struct position parsed, again;
static struct log_finding found;

static void must (bool it)
{
    if (!it)
        abort ();
}

int LLVMFuzzerInitialize (int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    must (log_key_text_read (&given.key[given.count++], key_text));
    return 0;
}

/* Puts the sum before it that belongs to it: by chance nobody finds that. */
static void mend (char *text, size_t size)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    if (size < BODY || memcmp (text, first_line, sizeof first_line - 1) != 0)
        return;
    crypto_hash_sha256 (hash, (const uint8_t *)text + BODY, size - BODY);
    char hex[SUM + 1];
    sodium_bin2hex (hex, sizeof hex, hash, sizeof hash);
    memcpy (text + sizeof first_line - 1, hex, SUM);
}

static void try_position (struct bytes raw)
{
    static char written[POSITION_SIZE];
    if (position_parse (&parsed, raw) != 0)
        return;
    size_t size = position_print (&parsed, written);
    bool is_first = memcmp (raw.data, "consent-position 1", 18) == 0;
    must (is_first || (size == raw.size && memcmp (written, raw.data, size) == 0));
    must (position_parse (&again, (struct bytes){written, size}) == 0);
    must (memcmp (&again, &parsed, sizeof parsed) == 0);
    must ((parsed.log.note_size > 0) == (parsed.log.keys.count > 0));
}

/* The first byte says how much of the rest is the proof. `seen` is what was seen before. */
static void try_shown (const struct log_seen *seen, const uint8_t *data, size_t size)
{
    char sentence[LOG_SENTENCE_SIZE] = "";
    size_t proof = size > 0 ? (size_t)data[0] * 16 : 0;
    if (size == 0 || proof > size - 1)
        return;
    const struct log_told told = {.note = {data + 1 + proof, size - 1 - proof},
                                  .proof = {data + 1, proof},
                                  .earlier = seen->checkpoint.size};
    log_seen_judge (seen, &given, &told, &found);
    log_seen_sentence (seen, &found, sentence);
    must (sentence[0] != 0);
    bool is_news = found.verdict == LOG_SAME || found.verdict == LOG_CONTINUED;
    must (is_news || memcmp (&found.next, seen, sizeof *seen) == 0);
    must (!is_news || seen->keys.count > 0 ||
          (told.note.size > sizeof signed_text - 1 &&
           memcmp (told.note.data, signed_text, sizeof signed_text - 1) == 0));
    must (found.next.checkpoint.size >= seen->checkpoint.size);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const struct log_seen nothing;
    char *text = malloc (size + 1);
    must (text != NULL);
    memcpy (text, data, size);
    mend (text, size);
    try_position ((struct bytes){text, size});
    try_shown (&nothing, data, size);
    try_shown (&parsed.log, data, size);
    free (text);
    return 0;
}
