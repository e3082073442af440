/* The words of a receipt for its codes: {"controller": "...", "CATEGORY": {"naw": "Naam, adres en woonplaats"}}.
   They prove nothing, whoever has the file can write them, and they are shown in brackets. So they must not look
   like what is proven: neither to a program that reads the file as JSON-LD, nor to somebody who reads what is in
   brackets. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

/* They are that, and nothing else. `words` NULL: there are none. */
bool receipt_words_are_valid (json_t *words);
/* The words for a code. NULL: there are none, or none that stay within their brackets on any screen. Lives as long
   as `words`. */
const char *receipt_words_of (const json_t *words, const char *kind, const char *code);
