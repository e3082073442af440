/* The folder "brieven" of a policy pack: a template for every kind of letter, parts of templates, who sends them,
   and how laws are called.

   Only consentctl reads it, and the pack's hash does not cover it. No decision rests on the words of a letter, so
   who changes a sentence changes no pack: decisions keep the hash by which they can be explained, and the daemon
   need not take anything up. Which letter went to a subject is told by the letter that was kept. */
#pragma once
#include "letter_law.h"
#include "letter_sender.h"
#include "letter_template.h"

#define LETTER_FOLDER "brieven" /* within the directory of a pack */

struct ctl;

struct letter_folder {
    struct letter_sources sources;
    struct letter_sender sender;
    struct letter_laws laws;
    const struct letter_template **templates; /* in the order of letter_forms */
};

/* The pack in this directory has letters. */
bool letter_folder_is_there (struct ctl *ctl, const char *pack);
/* Reads all of it; nothing in it may be wrong. 0, or an exit code with "file:line: message" printed for each thing
   that is. It lives as long as the arena of `ctl`. */
int letter_folder_read (struct ctl *ctl, const char *pack, struct letter_folder *self);
/* The template of a form. */
const struct letter_template *letter_folder_template (const struct letter_folder *self,
                                                      const struct letter_form *form);
