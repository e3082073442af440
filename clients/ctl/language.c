#include "language.h"

#include <string.h>
#include "ctl.h"
#include "policy/fault_words.h"

int language_read (const struct options *options, enum language *language)
{
    const char *name = options_text (options, "language");
    *language = name && strcmp (name, "nl") == 0 ? DUTCH : ENGLISH;
    fault_words_are (*language);
    if (!name || *language == DUTCH || strcmp (name, "en") == 0)
        return 0;
    return ctl_fail (EX_USAGE, "--language is nl or en");
}
