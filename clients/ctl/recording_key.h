/* The idempotency key of what is recorded (G11). If the answer was lost, a person can repeat the command with the
   same key: it is answered from the record, and nothing is done twice.

   The key is a UUID of version 7: random, except for the moment at which it was made. For the command "now" is
   that moment, so that a repeated command says the same. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "moments.h"

enum { RECORDING_KEY_SIZE = 16, RECORDING_KEY_TEXT = 2 * RECORDING_KEY_SIZE + 1 };

void recording_key_new (uint8_t key[RECORDING_KEY_SIZE], moment now);
/* Reads 32 hexadecimal digits, with or without the dashes of a UUID, and not all 0. False if it is anything
   else. */
bool recording_key_read (const char *text, uint8_t key[RECORDING_KEY_SIZE]);
/* When the key was made. `now` if it is not a key of ours, or older than 30 days. */
moment recording_key_moment (const uint8_t key[RECORDING_KEY_SIZE], moment now);
