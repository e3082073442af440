#include "receipt_file.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "codec/document.h"
#include "merkle/lines.h"
#include "receipt_words.h"

enum { KEY_TEXT_SIZE = sodium_base64_ENCODED_LEN (RECEIPT_KEY_SIZE, sodium_base64_VARIANT_ORIGINAL) };

static bool read_key (struct receipt_proof *proof, struct arena *arena, const json_t *value)
{
    uint8_t *key = arena_alloc (arena, RECEIPT_KEY_SIZE);
    struct bytes text = {json_string_value (value), json_string_length (value)};
    if (value == NULL)
        return true; /* the line is closed */
    if (text.data == NULL || !lines_base64 (text, key, RECEIPT_KEY_SIZE, &proof->key.size))
        return false;
    proof->key.data = key;
    return proof->key.size == RECEIPT_KEY_SIZE;
}

/* One line: its proof, and its key or none; and nothing else, which nobody would look at. */
static bool read_proof (struct receipt_proof *proof, struct arena *arena, const json_t *entry)
{
    const json_t *text = json_object_get (entry, "consentd:tlogProof"),
                 *key = json_object_get (entry, "consentd:key");
    if (!json_is_string (text) || json_object_size (entry) != (key != NULL ? 2 : 1))
        return false;
    proof->text.size = json_string_length (text);
    proof->text.data = arena_memdup (arena, json_string_value (text), proof->text.size);
    return read_key (proof, arena, key);
}

const char *receipt_file_read (struct receipt_file *self, struct arena *arena, struct bytes raw)
{
    json_error_t error;
    *self = (struct receipt_file){.count = 0};
    if (raw.size > RECEIPT_FILE_SIZE)
        return "dit bestand is te groot voor een bewijs";
    self->claims = json_loadb (raw.data, raw.size, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object (self->claims))
        return "dit bestand is geen bewijs, of er is iets van veranderd";
    if (!receipt_words_are_valid (json_object_get (self->claims, RECEIPT_WORDS)))
        return "bij " RECEIPT_WORDS " staat meer dan wat de codes betekenen";
    const json_t *evidence = json_object_get (self->claims, RECEIPT_EVIDENCE);
    size_t count = json_array_size (evidence);
    if (count == 0 || count > RECEIPT_FILE_LINES)
        return "in dit bestand staan geen regels van een register";
    for (; self->count < count; self->count++)
        if (!read_proof (&self->proof[self->count], arena, json_array_get (evidence, self->count)))
            return arena_printf (arena, "regel %zu in dit bestand is niet te lezen", self->count + 1);
    return NULL;
}

static json_t *write_proof (const struct receipt_proof *proof)
{
    char key[KEY_TEXT_SIZE];
    json_t *entry = json_pack ("{s:s%}", "consentd:tlogProof", proof->text.data, proof->text.size);
    if (proof->key.size != RECEIPT_KEY_SIZE)
        return entry;
    sodium_bin2base64 (key, sizeof key, proof->key.data, proof->key.size, sodium_base64_VARIANT_ORIGINAL);
    json_object_set_new (entry, "consentd:key", json_string (key));
    explicit_bzero (key, sizeof key);
    return entry;
}

char *receipt_file_write (struct receipt_file *self, json_t *words)
{
    json_t *evidence = json_array ();
    for (size_t i = 0; i < self->count; i++)
        json_array_append_new (evidence, write_proof (&self->proof[i]));
    json_object_set_new (self->claims, RECEIPT_WORDS, words);
    json_object_set_new (self->claims, RECEIPT_EVIDENCE, evidence);
    return document_text (json_incref (self->claims), 2);
}

void receipt_file_clear (struct receipt_file *self)
{
    json_decref (self->claims);
    self->claims = NULL;
}
