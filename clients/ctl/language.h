/* In which language a command explains the rules. Codes are the pack's own in both. */
#pragma once

struct options;

enum language { ENGLISH, DUTCH, LANGUAGES };

/* clang-format off */
#define LANGUAGE_OPTION {"language", "nl|en", "in Dutch or English; English unless given", 0}
/* clang-format on */

/* Reads --language. 0, or EX_USAGE with its line printed. */
int language_read (const struct options *options, enum language *language);
