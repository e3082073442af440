/* What a passage asks the registry, and what it keeps of the answers. */
#include "passage_parts.h"
#include <stdio.h>
#include <string.h>

static const struct consent_item *list_items (struct passage *self, uint64_t wanted, size_t *count)
{
    const struct elements *elements = self->result.elements;
    struct consent_item *items = arena_array (self->arena, elements->item_count, sizeof *items);
    for (size_t i = 0; i < elements->item_count; i++) {
        if (wanted >> i & 1)
            items[(*count)++] = elements->items[i];
    }
    return items;
}

static uint64_t asked_of (const struct passage *self, size_t client, enum consent_mode mode)
{
    const struct element_client *about = &self->result.elements->clients[client];
    return mode == CONSENT_ADVISE ? about->items : about->goes;
}

void passage_ask (struct passage *self, enum consent_mode mode)
{
    const struct elements *elements = self->result.elements;
    const struct passage_order *order = self->order;
    size_t most = elements->client_count;
    if (mode == CONSENT_ADVISE)
        arena_reset (self->arena);
    self->questions = arena_array (self->arena, most, sizeof *self->questions);
    self->asked_about = arena_array (self->arena, most, sizeof *self->asked_about);
    if (mode == CONSENT_ADVISE)
        self->clients = arena_array (self->arena, most, sizeof *self->clients);
    self->question_count = 0;
    for (size_t i = 0; i < most; i++) {
        if (!asked_of (self, i, mode))
            continue;
        size_t count = 0;
        const struct consent_item *items = list_items (self, asked_of (self, i, mode), &count);
        self->asked_about[self->question_count] = i;
        self->questions[self->question_count++] = (struct consent_question){
            .bsn = elements->clients[i].bsn,
            .provider = order->provider,
            .recipient = order->recipient,
            .purpose = order->purpose,
            .items = items,
            .item_count = count,
            .user = order->user,
            .case_ref = order->case_ref,
            .mode = mode,
            .all_or_nothing = mode == CONSENT_DISCLOSE,
        };
    }
    self->result.clients = self->clients;
}

static const char *const *copy_list (struct arena *arena, const char *const *list)
{
    size_t count = 0;
    while (list && list[count])
        count++;
    const char **copy = arena_array (arena, count + 1, sizeof *copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = arena_strdup (arena, list[i]);
    return copy;
}

static void copy_item (struct arena *arena, struct consent_item_answer *item)
{
    item->category = arena_strdup (arena, item->category);
    item->origin = arena_strdup (arena, item->origin);
    item->statute = arena_strdup (arena, item->statute);
    item->urgent_reason = "";
    struct consent_reason *reasons = arena_array (arena, item->reason_count, sizeof *reasons);
    for (size_t i = 0; i < item->reason_count; i++) {
        reasons[i].code = arena_strdup (arena, item->reasons[i].code);
        reasons[i].rule = arena_strdup (arena, item->reasons[i].rule);
        reasons[i].details = copy_list (arena, item->reasons[i].details);
    }
    item->reasons = reasons;
}

/* What a report or a ledger may want of an answer. Duties are reported by the number of the decision. */
static const struct consent_answer *copy_answer (struct arena *arena, const struct consent_answer *answer)
{
    struct consent_answer *copy = arena_memdup (arena, answer, sizeof *answer);
    copy->field = arena_strdup (arena, answer->field);
    copy->message = arena_strdup (arena, answer->message);
    copy->policy = arena_strdup (arena, answer->policy ? answer->policy : "");
    copy->obligations = copy_list (arena, answer->obligations);
    copy->asked = copy_list (arena, answer->asked);
    copy->duties = NULL;
    copy->duty_count = 0;
    struct consent_item_answer *items =
        arena_memdup (arena, answer->items, answer->item_count * sizeof *answer->items);
    for (size_t i = 0; i < answer->item_count; i++)
        copy_item (arena, &items[i]);
    copy->items = items;
    return copy;
}

static void hear_one (struct passage *self, size_t index, const struct consent_answer *answer)
{
    size_t about = self->asked_about[index];
    enum consent_mode mode = self->questions[index].mode;
    struct element_client *client = &self->result.elements->clients[about];
    struct passage_client *said = &self->clients[about];
    client->permitted = elements_permitted (self->result.elements, asked_of (self, about, mode), answer);
    *(mode == CONSENT_ADVISE ? &said->advice : &said->decision) = copy_answer (self->arena, answer);
}

bool passage_hear (struct passage *self, const struct consent_answer *const *answers)
{
    for (size_t i = 0; i < self->question_count; i++) {
        const struct consent_answer *answer = answers[i];
        if (answer->status != CONSENT_OK) {
            self->result.status = answer->status;
            snprintf (self->result.error, PASSAGE_ERROR, "%s", answer->message);
            return false;
        }
    }
    for (size_t i = 0; i < self->question_count; i++)
        hear_one (self, i, answers[i]);
    return true;
}

/* The answers may be lists of only some of the items. */
static const struct consent_item_answer *find_item (const struct consent_answer *answer,
                                                    const struct consent_item *item)
{
    for (size_t i = 0; answer && i < answer->item_count; i++) {
        if (strcmp (answer->items[i].category, item->category) == 0 &&
            strcmp (answer->items[i].origin, item->origin) == 0)
            return &answer->items[i];
    }
    return NULL;
}

const struct consent_item_answer *passage_item (const struct passage *self, size_t client, size_t item)
{
    if (!self->clients)
        return NULL;
    const struct consent_item *wanted = &self->result.elements->items[item];
    const struct consent_item_answer *found = find_item (self->clients[client].decision, wanted);
    return found ? found : find_item (self->clients[client].advice, wanted);
}

bool passage_may_go (const struct passage *self)
{
    const struct elements *elements = self->result.elements;
    for (size_t i = 0; i < elements->client_count; i++) {
        if (elements->clients[i].goes & ~elements->clients[i].permitted)
            return false;
    }
    return true;
}

void passage_forget (struct passage *self)
{
    arena_erase (&self->arena);
}
