#include "letter_kept.h"

#include <inttypes.h>
#include "letter_law.h"
#include "letter_words.h"
#include "rights/rights_erase.h"

static void add_one (struct letter_setting *setting, struct letter_values *values,
                     const Consentd__ErasureKept *kept)
{
    struct arena *arena = setting->ctl->arena;
    struct letter_values *one = letter_add_group (values, "blijft");
    letter_set (one, "wie", *kept->holder ? letter_label (setting, LETTER_KIND, kept->holder) : "");
    letter_set (one, "wet", letter_label (setting, LETTER_ORIGIN, kept->law));
    letter_set (one, "artikel", letter_article (setting, letter_law_of_source (arena, kept->source)));
    letter_set (one, "tot-en-met", kept->until ? letter_last_day (arena, kept->until) : "");
}

void letter_tell_kept (struct letter_setting *setting, struct letter_values *values,
                       const Consentd__RightsRequest *request)
{
    Consentd__Reply *reply;
    if (request->erased_at && !setting->error)
        setting->error =
            ctl_fail (EX_DATAERR, "the erasure was carried out: its letter is made before, while all is known");
    if (!request->to_be_erased || setting->error)
        return;
    setting->error = rights_try_erasure (setting->ctl, request->number, &reply);
    if (setting->error)
        return;
    const Consentd__RightsEraseReply *erasure = reply->rights_erase;
    if (erasure->n_kept > 0 && request->state == CONSENTD__RIGHTS_STATE__RIGHTS_GRANTED)
        setting->error = ctl_fail (EX_DATAERR,
                                   "a statute requires that something is kept (rights erase %" PRIu64
                                   " --dry-run): decide it again, as in-part",
                                   request->number);
    else
        for (size_t i = 0; i < erasure->n_kept; i++)
            add_one (setting, values, erasure->kept[i]);
    consentd__reply__free_unpacked (reply, NULL);
}
