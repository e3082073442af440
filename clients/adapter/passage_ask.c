/* What a passage asks the registry, and what it keeps of the answers. */
#include "passage_parts.h"
#include "address.h"
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

/* Of a client about whom was decided, nothing is asked any more. */
static uint64_t asked_of (const struct passage *self, size_t client, enum consent_mode mode)
{
    const struct element_client *about = &self->result.elements->clients[client];
    if (self->decided[client] && !self->recalled)
        return 0;
    return mode == CONSENT_ADVISE ? about->items : about->goes;
}

/* One that is asked about each client by itself has a key for each. */
static const char *make_key (struct passage *self, size_t client)
{
    const struct passage_order *order = self->order;
    const struct elements *elements = self->result.elements;
    const char *own = address_value (elements, elements->mapping->identification);
    const char *const texts[] = {passage_provider (self),
                                 self->recipient,
                                 passage_purpose (self),
                                 order->case_ref ? order->case_ref : "",
                                 order->user,
                                 elements->mapping->root->space->uri,
                                 own ? own : "",
                                 NULL};
    struct passage_name name = {.texts = texts,
                                .digest = self->digest,
                                .client = passage_is_whole (self) ? 0 : client,
                                .attempt = self->attempt};
    char *key = arena_alloc (self->arena, CONSENT_ID_SIZE);
    passage_key (self->secret, &name, key);
    return key;
}

static void add_question (struct passage *self, size_t client, enum consent_mode mode)
{
    size_t count = 0;
    const struct consent_item *items = list_items (self, asked_of (self, client, mode), &count);
    self->asked_about[self->question_count] = client;
    self->questions[self->question_count++] = (struct consent_question){
        .bsn = self->result.elements->clients[client].bsn,
        .provider = passage_provider (self),
        .recipient = self->recipient,
        .purpose = passage_purpose (self),
        .items = items,
        .item_count = count,
        .user = self->order->user,
        .case_ref = self->order->case_ref,
        .mode = mode,
        .all_or_nothing = mode == CONSENT_DISCLOSE,
        .idempotency_key = self->stage == PASSAGE_ADVISE ? NULL : make_key (self, client),
    };
}

static void make_room (struct passage *self, enum consent_mode mode)
{
    size_t most = self->result.elements->client_count;
    self->question_count = 0;
    if (mode == CONSENT_ADVISE)
        arena_reset (self->arena);
    self->questions = arena_array (self->arena, most, sizeof *self->questions);
    self->asked_about = arena_array (self->arena, most, sizeof *self->asked_about);
    if (!self->clients && most > 0) /* a return message is asked about nobody */
        self->result.clients = self->clients = arena_array (self->kept, most, sizeof *self->clients);
    for (size_t i = 0; mode == CONSENT_ADVISE && i < most; i++)
        self->clients[i].advice = NULL;
}

void passage_ask (struct passage *self, enum consent_mode mode)
{
    size_t count = self->result.elements->client_count;
    make_room (self, mode);
    for (size_t i = 0; i < count; i++) {
        if (asked_of (self, i, mode))
            add_question (self, i, mode);
    }
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
const struct consent_answer *passage_copy_answer (struct arena *arena, const struct consent_answer *answer)
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
    struct element_client *client = &self->result.elements->clients[about];
    if (self->questions[index].mode == CONSENT_ADVISE) {
        if (!self->recalled)
            client->permitted = elements_permitted (self->result.elements, client->items, answer);
        self->clients[about].advice = passage_copy_answer (self->arena, answer);
    } else if (elements_permitted (self->result.elements, client->goes, answer) == client->goes) {
        passage_decide (self, about, answer);
    }
}

bool passage_hear (struct passage *self, const struct consent_answer *const *answers)
{
    for (size_t i = 0; i < self->question_count; i++) {
        if (answers[i]->status != CONSENT_OK) {
            passage_tell_no_answer (self, answers[i]->status, answers[i]->message);
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

const struct consent_answer *passage_answer (const struct passage *self, size_t client)
{
    const struct passage_client *said = self->clients ? &self->clients[client] : NULL;
    return !said ? NULL : said->decision ? said->decision : said->advice;
}

bool passage_lacks (const struct passage *self)
{
    for (size_t i = 0; i < self->question_count; i++) {
        const struct consent_answer *advice = self->clients[self->asked_about[i]].advice;
        if (advice && advice->asked[0])
            return true;
    }
    return false;
}

bool passage_may_go (const struct passage *self)
{
    for (size_t i = 0; i < self->question_count; i++) {
        if (!self->decided[self->asked_about[i]])
            return false;
    }
    return true;
}
