/* libFuzzer: any bytes as a proof in a file, as a signed note, as a checkpoint and as the text of a key. What is
   read is written again, and is the same bytes; and nothing verifies but what was signed. The seeds hold proofs
   that do. */
#include <stdlib.h>
#include <string.h>
#include "merkle/proof_file.h"

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const char key_text[] =
    "gemeente-voorbeeld.nl/toestemmingen+ad35b953+AfUdSdgK9gsfPGZB1geCuvwzn8FFgTKbrSKP1BX6CTdG"; /* of the tests */
static const char signed_text[] =
    "gemeente-voorbeeld.nl/toestemmingen\n3\n"; /* with which all that it signed begins */
static struct note_key key;

static void must (bool it)
{
    if (!it)
        abort ();
}

int LLVMFuzzerInitialize (int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    must (note_key_read (&key, key_text));
    return 0;
}

static void try_note (struct bytes raw)
{
    struct note note;
    struct checkpoint checkpoint;
    const char *fault = NULL;
    enum note_outcome outcome = note_read (&note, raw);
    must (note_outcome_text (outcome) != NULL);
    if (outcome == NOTE_OK) {
        must (note.count >= 1 && note.text.size > 0 && note.text.size < raw.size);
        if (note_verify (&note, &key, NULL) == NOTE_OK)
            must (note.text.size > sizeof signed_text - 1 &&
                  memcmp (note.text.data, signed_text, sizeof signed_text - 1) == 0);
        raw = note.text;
    }
    if (!checkpoint_read (&checkpoint, raw, &fault)) {
        must (fault != NULL);
        return;
    }
    char text[CHECKPOINT_TEXT_SIZE];
    size_t size = checkpoint_write (&checkpoint, text);
    must (size <= raw.size && memcmp (text, raw.data, size) == 0); /* what comes behind it are extensions */
}

static void try_proof (struct bytes raw)
{
    static char written[PROOF_FILE_SIZE + 1];
    struct proof_file proof;
    struct checkpoint checkpoint = {.size = 1};
    const char *fault = NULL;
    if (!proof_file_read (&proof, raw, &fault)) {
        must (fault != NULL);
        return;
    }
    size_t size = proof_file_write (&proof, written, sizeof written);
    must (size == raw.size && memcmp (written, raw.data, size) == 0);
    for (unsigned more = 0; more < 64; more++) { /* of a tree of any size: no shift, and no loop, is too long */
        checkpoint.size = proof.index + (UINT64_C (1) << more);
        proof_file_holds (&proof, &checkpoint, proof.extra);
    }
    try_note (proof.checkpoint);
}

static void try_key (struct bytes raw)
{
    char text[NOTE_KEY_TEXT_SIZE + 32], written[NOTE_KEY_TEXT_SIZE];
    struct note_key read;
    struct note_signer signer;
    if (raw.size >= sizeof text || memchr (raw.data, 0, raw.size) != NULL)
        return;
    memcpy (text, raw.data, raw.size);
    text[raw.size] = 0;
    if (note_key_read (&read, text)) {
        note_key_write (&read, written);
        must (strlen (written) == strlen (text)); /* the hash may have other cases */
    }
    if (note_signer_read (&signer, text))
        note_signer_wipe (&signer);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    struct bytes raw = {data, size};
    try_note (raw);
    try_proof (raw);
    if (size > 0)
        try_key (raw);
    return 0;
}
