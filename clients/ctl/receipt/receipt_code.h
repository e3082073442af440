/* The short code of a receipt, as it stands in a letter and as people read it to each other: the number of its
   line, and the first 75 bits of the hash of that line, in 32 signs that are not taken for each other, and a sign
   that tells of every single mistake and of every two signs that changed places. Pure.

       812-7K3M-9QXR-2HTA-VW4P

   Capitals and small letters are one; O is read as 0, I and L as 1. */
#pragma once
#include <stdbool.h>
#include "merkle/merkle.h"

enum { RECEIPT_CODE_SIZE = 20 + 4 * 5 + 1 }; /* with its end */

void receipt_code_write (uint64_t number, const struct merkle_hash *leaf, char code[RECEIPT_CODE_SIZE]);
/* Writes a code that somebody typed as receipt_code_write does. False: it is none, or a sign in it is wrong. */
bool receipt_code_read (const char *typed, char code[RECEIPT_CODE_SIZE]);
