/* A receipt as a letter: what it proves in the words of the pack, its code, and a QR code. */
#pragma once
#include "letter/letter_setting.h"
#include "receipt_ask.h"

/* Writes it to this file, in the form that its name says. 0, with the letter for programs in *letter_p, which the
   caller owns; or an exit code with its line printed. */
int receipt_letter (struct letter_setting *setting, const struct receipt_made *made, const char *file,
                    json_t **letter_p);
