/* The letters to the subjects of a breach, where it is a high risk for them (AVG 34): one for each person of the
   report, in a new directory that is there whole or not at all. Each is named by the person's pseudonym, as the
   report lists it, since the registry knows neither name nor address. */
#pragma once
#include "breach.h"
#include "incident.h"
#include "letter/letter_setting.h"
#include "new_directory.h"

/* clang-format off */
#define BREACH_LETTER_OPTIONS                                                                                     \
    {"letters", "DIR", "new directory with a letter to each person (AVG 34)", 0},                                 \
    {"incident", "FILE", "what happened, for the letters: see docs/letters.md", 0},                               \
    {"letters-to", "WHO", "all, or special: only people of whom special data went (else all)", 0, "all special"},                \
    {"letter-format", "FORM", "text, html or pdf (else text)", 0, "text html pdf"}
/* clang-format on */

struct breach_letters {
    struct letter_setting setting;
    struct incident incident;
    struct new_directory directory;
    enum letter_file_form form;
    bool are_wanted, only_special;
};

/* Each returns 0, or an exit code with its line printed. Without --letters nothing is done. */

/* Reads the options, the file of the incident and the letters of the pack, before the log is read. `policy` is the
   pack in this directory, and borrowed. */
int breach_letters_open (struct breach_letters *self, struct ctl *ctl, const struct options *options,
                         struct policy *policy, const char *pack);
/* Makes every letter; they have no name yet. */
int breach_letters_make (struct breach_letters *self, const struct breach *breach);
/* Gives the directory its name; after an error nothing of it is left. Returns the error, if there was one. */
int breach_letters_close (struct breach_letters *self, int error);
