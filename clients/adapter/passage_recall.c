/* What was decided about this message before, by whichever run. */
#include "passage_parts.h"
#include <string.h>

/* What the answer permits, by the names of its items: they are those that went then. */
static uint64_t permitted_by_name (const struct elements *elements, const struct consent_answer *answer)
{
    uint64_t permitted = 0;
    if (answer->status != CONSENT_OK || answer->revoked_since || answer->verdict != CONSENT_PERMIT)
        return 0;
    for (size_t i = 0; i < elements->item_count; i++) {
        for (size_t j = 0; j < answer->item_count; j++) {
            if (answer->items[j].verdict == CONSENT_PERMIT &&
                strcmp (answer->items[j].category, elements->items[i].category) == 0 &&
                strcmp (answer->items[j].origin, elements->items[i].origin) == 0)
                permitted |= UINT64_C (1) << i;
        }
    }
    return permitted;
}

void passage_decide (struct passage *self, size_t client, const struct consent_answer *answer)
{
    const struct elements *elements = self->result.elements;
    self->clients[client].decision = passage_copy_answer (self->kept, answer);
    self->decided[client] = elements->clients[client].permitted = permitted_by_name (elements, answer);
}

static bool was_decided (const struct passage *self, size_t client, const struct consent_item_answer *item)
{
    const struct elements *elements = self->result.elements;
    for (size_t i = 0; i < elements->item_count; i++) {
        if ((self->decided[client] >> i & 1) && strcmp (elements->items[i].category, item->category) == 0 &&
            strcmp (elements->items[i].origin, item->origin) == 0)
            return true;
    }
    return false;
}

static bool says_restricted (const struct consent_item_answer *item)
{
    for (size_t i = 0; item->verdict != CONSENT_PERMIT && i < item->reason_count; i++) {
        if (strcmp (item->reasons[i].code, "RESTRICTED") == 0)
            return true;
    }
    return false;
}

bool passage_is_restricted (const struct passage *self)
{
    for (size_t i = 0; i < self->result.elements->client_count; i++) {
        const struct consent_answer *advice = self->clients[i].advice;
        for (size_t j = 0; advice && j < advice->item_count; j++) {
            if (says_restricted (&advice->items[j]) && was_decided (self, i, &advice->items[j]))
                return true;
        }
    }
    return false;
}

static bool is_recorded (const struct consent_answer *answer)
{
    return answer && answer->status == CONSENT_OK;
}

/* Of clients who are decided one by one some may have had an attempt more than others. */
enum passage_step_outcome passage_recall (struct passage *self, const struct consent_answer *const *answers,
                                          bool *known)
{
    size_t denied = 0, unasked = 0;
    for (size_t i = 0; i < self->question_count; i++) {
        const struct consent_answer *answer = answers[i];
        if (!is_recorded (answer)) {
            unasked++;
        } else if (answer->revoked_since) {
            return passage_hold (self, PASSAGE_REVOKED_SINCE,
                                 "it was decided before, and what that rested on has ended since");
        } else if (answer->verdict != CONSENT_PERMIT) {
            denied++;
        } else {
            passage_decide (self, self->asked_about[i], answer);
        }
    }
    if (denied > 0)
        return PASSAGE_WAITS;
    *known = unasked == 0;
    return PASSAGE_GOES_ON;
}
