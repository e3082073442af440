/* In which language a command explains the rules. Codes are the pack's own in both. */
#pragma once

struct options;

enum language { ENGLISH, DUTCH, LANGUAGES };

/* clang-format off */
#define LANGUAGE_OPTION {"language", "nl|en", "in Dutch or English; English unless given", 0}
/* clang-format on */

/* The text in this language. Both are formats with the same arguments, or neither is one. */
static inline const char *__attribute__ ((format_arg (2), format_arg (3)))
in_language (enum language language, const char *english, const char *dutch)
{
    return language == DUTCH ? dutch : english;
}

/* Reads --language. 0, or EX_USAGE with its line printed. */
int language_read (const struct options *options, enum language *language);
