/* A3, section 3: no id or reference holds the BSN of the subject, even if the request names the subject by an id
   of ours. The registry keeps no BSN in clear. So a text that looks like a BSN is looked up, as any BSN is. */
#include <string.h>
#include "text/burgerservicenummer.h"
#include "verbs.h"

static bool holds (const struct turn *turn, const char *text, const uint8_t subject[VAULT_ID_SIZE])
{
    char bsn[BSN_SIZE + 1];
    uint8_t id[VAULT_ID_SIZE];
    for (size_t at = 0; bsn_next (text, &at, bsn);) {
        vault_subject_id (turn->vault, bsn, id);
        if (memcmp (id, subject, sizeof id) == 0)
            return true;
    }
    return false;
}

bool verb_names_own_bsn (struct turn *turn, const struct request *request, struct handling *handling)
{
    for (const struct reference *one = request->references; one != NULL; one = one->before)
        if (holds (turn, one->text, handling->file.id)) {
            handling->holds_bsn = true;
            return handling_invalid (handling, one->field, "A reference does not hold the subject's BSN.") == 0;
        }
    return false;
}
