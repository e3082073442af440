#include "tell.h"
#include <string.h>
#include "parties/parties.h"

static size_t position (const struct statement *consent, size_t provider, size_t recipient, size_t category)
{
    return (provider * consent->scope.recipients.count + recipient) * consent->scope.categories.count + category;
}

/* Between a party and itself there is no item (G3). */
static bool is_item (const char *provider, const char *recipient)
{
    return strcmp (provider, recipient) != 0;
}

static bool names (const struct text_set *part, const char *one)
{
    return part->count == 0 || text_set_has (part, one);
}

void tell_find_items (struct turn *turn, const struct statement *consent, const struct withdrawal *part,
                      struct tell_items *items)
{
    static const struct withdrawal all;
    const struct scope *scope = &consent->scope;
    if (part == NULL)
        part = &all;
    items->consent = consent;
    items->count = 0;
    items->flags = arena_array (turn->arena, scope->providers.count * scope->recipients.count,
                                scope->categories.count * sizeof *items->flags);
    for (size_t p = 0; p < scope->providers.count; p++)
        for (size_t r = 0; r < scope->recipients.count; r++) {
            const char *provider = scope->providers.item[p], *recipient = scope->recipients.item[r];
            if (!is_item (provider, recipient) || !names (&part->providers, provider) ||
                !names (&part->recipients, recipient))
                continue;
            for (size_t c = 0; c < scope->categories.count; c++) {
                const char *category = scope->categories.item[c];
                if (!names (&part->categories, category) ||
                    statement_is_withdrawn_for (consent, provider, recipient, category, turn->now))
                    continue;
                items->flags[position (consent, p, r, c)] = true;
                items->count++;
            }
        }
}

static void add_once (struct text_set *set, const char *text)
{
    if (!text_set_has (set, text))
        set->item[set->count++] = text;
}

static struct text_set room_for (struct turn *turn, size_t count)
{
    return (struct text_set){arena_array (turn->arena, count, sizeof (char *)), 0};
}

/* The event ends the consent, so nothing of it is left. concerning () corrects this for a withdrawal of a part. */
static bool leaves_nothing (enum event_kind kind)
{
    return kind != EVENT_CONSENT_GRANTED && kind != EVENT_CONSENT_REFUSED && kind != EVENT_CONSENT_RESTORED;
}

/* V6: puts in the event the items in which this party is provider or recipient, and nothing else. */
static void concerning (struct turn *turn, const struct tell_items *items, const char *party, struct event *event)
{
    const struct scope *scope = &items->consent->scope;
    event->providers = room_for (turn, scope->providers.count);
    event->recipients = room_for (turn, scope->recipients.count);
    event->categories = room_for (turn, scope->categories.count);
    event->whole = leaves_nothing (event->kind);
    for (size_t p = 0; p < scope->providers.count; p++)
        for (size_t r = 0; r < scope->recipients.count; r++) {
            const char *provider = scope->providers.item[p], *recipient = scope->recipients.item[r];
            if (!is_item (provider, recipient) ||
                (strcmp (party, provider) != 0 && strcmp (party, recipient) != 0))
                continue;
            for (size_t c = 0; c < scope->categories.count; c++) {
                const char *category = scope->categories.item[c];
                if (event->kind == EVENT_CONSENT_REVOKED &&
                    !statement_is_withdrawn_for (items->consent, provider, recipient, category, turn->now))
                    event->whole = false;
                if (!items->flags[position (items->consent, p, r, c)])
                    continue;
                add_once (&event->providers, provider);
                add_once (&event->recipients, recipient);
                add_once (&event->categories, category);
            }
        }
}

/* V8: the line of the log that is written next says which events came with it. */
static void note_telling (struct turn *turn, const char *party, uint64_t number)
{
    if (turn->telling_count == turn->telling_room) {
        size_t room = 2 * turn->telling_room + 8;
        struct telling *all = arena_array (turn->arena, room, sizeof *all);
        if (turn->telling_count > 0)
            memcpy (all, turn->tellings, turn->telling_count * sizeof *all);
        turn->tellings = all;
        turn->telling_room = room;
    }
    turn->tellings[turn->telling_count++] = (struct telling){party, number};
}

/* `about` NULL: it is sealed under the registry's key. */
static int tell_one (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct about *about,
                     const char *party, struct event *event)
{
    event->time = turn->now;
    event->revision = turn->state.revision;
    vault_subject_ref (turn->vault, subject, party, event->subject_ref.bytes);
    int rc = outbox_add (turn, party, about, event);
    if (rc == 0)
        note_telling (turn, party, event->number);
    return rc;
}

int tell_party (struct turn *turn, struct about about, const char *party, struct event *event)
{
    return tell_one (turn, about.id, &about, party, event);
}

int tell_party_lastingly (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const char *party,
                          struct event *event)
{
    return tell_one (turn, subject, NULL, party, event);
}

int tell_all_with (struct turn *turn, uint32_t permissions, const struct event *event)
{
    const struct party_entry *entry;
    int rc = 0;
    for (size_t i = 0; rc == 0 && (entry = parties_at (turn->parties, i)) != NULL; i++) {
        struct event own = *event;
        own.time = turn->now;
        own.revision = turn->state.revision;
        if ((entry->permissions & permissions) == permissions)
            rc = outbox_add (turn, entry->text.id, NULL, &own);
    }
    return rc;
}

/* V4, V5: one event for each party concerned, in the transaction of the change itself. */
int tell_consent (struct turn *turn, struct about about, enum event_kind kind,
                  const struct tell_items *items, struct text_set *informed)
{
    const struct scope *scope = &items->consent->scope;
    struct text_set parties = room_for (turn, scope->providers.count + scope->recipients.count);
    for (size_t i = 0; i < scope->providers.count; i++)
        add_once (&parties, scope->providers.item[i]);
    for (size_t i = 0; i < scope->recipients.count; i++)
        add_once (&parties, scope->recipients.item[i]);

    struct text_set told = room_for (turn, parties.count);
    for (size_t i = 0; i < parties.count; i++) {
        struct event event = {.kind = kind, .purpose = scope->purpose};
        concerning (turn, items, parties.item[i], &event);
        if (event.categories.count == 0)
            continue;
        memcpy (event.consent_id.bytes, items->consent->id, sizeof event.consent_id.bytes);
        int rc = tell_party (turn, about, parties.item[i], &event);
        if (rc != 0)
            return rc;
        told.item[told.count++] = parties.item[i];
    }
    if (informed != NULL)
        *informed = told;
    return 0;
}
