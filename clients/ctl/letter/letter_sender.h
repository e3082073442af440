/* Who sends letters: brieven/gemeente.txt of a pack, in the language of the pack's other files.

       gemeente
           naam       Gemeente Voorbeeld
           adres      Postbus 1
           adres      1234 AB Voorbeeld
           ...
       organisatie zorgaanbieder-horizon
           naam       Zorgaanbieder Horizon

   The registry knows parties by their ids. A letter names organisations, so this file has their names. */
#pragma once
#include <stddef.h>
#include "policy/policy_read.h"

struct arena;
struct letter_values;

enum { SENDER_LINES = 8 };

struct sender_text {
    const char *name; /* the party, or a name for the measure */
    const char *text;
};

struct letter_sender {
    /* NULL: not given. */
    const char *name, *telephone, *mail, *officer, *officer_mail;
    const char *address[SENDER_LINES], *signature[SENDER_LINES];
    size_t address_count, signature_count;
    struct sender_text *organisations;
    size_t organisation_count;
    struct sender_text *measures; /* of security, for the register of processing */
    size_t measure_count;
};

/* Reads the file; `name` is that of error messages. 0 or POLICY_INVALID, with all that is wrong added. What is not
   given is no error here. Texts are the arena's. */
int letter_sender_read (struct letter_sender *self, struct arena *arena, const char *name,
                        const struct policy_text *text, struct policy_faults *faults);
/* The name of the field that is missing for a letter, or NULL. */
const char *letter_sender_lacks (const struct letter_sender *self);
/* Sets the fields of a letter that tell who sends it: "gemeente", "gemeente-adres" ... What is not given gets no
 * value.
 */
void letter_sender_tell (const struct letter_sender *self, struct letter_values *values);
/* The name of the organisation, or NULL. */
const char *letter_sender_organisation (const struct letter_sender *self, const char *party);
