#include "view_feed.h"

static void put_permits (struct view_table *table, const ProtobufCBinaryData *subject,
                         const Consentd__Permits *permits)
{
    for (size_t i = 0; i < permits->n_categories; i++) {
        const Consentd__PermittedCategory *one = permits->categories[i];
        const struct view_flow flow = {permits->provider, permits->recipient, permits->purpose, one->category,
                                       permits->case_ref};
        view_table_put (table, subject->data, &flow, (struct view_permit){one->from, one->until});
    }
}

void view_feed_page (struct view_table *table, const Consentd__SnapshotReply *page)
{
    for (size_t i = 0; i < page->n_entries; i++) {
        const Consentd__SnapshotEntry *entry = page->entries[i];
        if (entry->entry_case != CONSENTD__SNAPSHOT_ENTRY__ENTRY_PERMITS ||
            entry->permits->subject_ref.len != VIEW_SUBJECT)
            continue;
        if (entry->permits->left_out)
            view_table_shut (table, entry->permits->subject_ref.data);
        for (size_t j = 0; j < entry->permits->n_permits; j++)
            put_permits (table, &entry->permits->subject_ref, entry->permits->permits[j]);
    }
}

static void apply (struct view_table *table, const uint8_t *subject, const Consentd__Effect *effect)
{
    const struct view_flow flow = {effect->provider, effect->recipient, effect->purpose, effect->category,
                                   effect->case_ref};
    if (effect->permitted)
        view_table_put (table, subject, &flow, (struct view_permit){effect->from, effect->until});
    else
        view_table_take (table, subject, &flow);
}

enum view_fed view_feed_event (struct view_table *table, const Consentd__EventPush *event)
{
    if (event->kind == CONSENTD__EVENT_KIND__EVENT_PASSED_OVER)
        return VIEW_FED_DOUBT;
    if (event->subject_ref.len != VIEW_SUBJECT)
        return event->effects_left_out ? VIEW_FED_DOUBT : VIEW_FED;
    if (event->kind == CONSENTD__EVENT_KIND__SUBJECT_ERASED ||
        event->kind == CONSENTD__EVENT_KIND__DATA_TO_ERASE) {
        view_table_forget (table, event->subject_ref.data);
        return VIEW_FED;
    }
    if (event->effects_left_out) {
        view_table_shut (table, event->subject_ref.data);
        return VIEW_FED_SHUT;
    }
    for (size_t i = 0; i < event->n_effects; i++)
        apply (table, event->subject_ref.data, event->effects[i]);
    return VIEW_FED;
}
