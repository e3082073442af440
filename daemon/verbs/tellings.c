#include "tellings.h"
#include "events/heard.h"
#include "events/outbox.h"

/* V8: whether the party has acknowledged its event, and by when. */
static int find_heard (struct turn *turn, const struct telling *telling, struct overview_telling *shown)
{
    struct cursor cursor;
    int rc = outbox_cursor (turn, telling->party, &cursor);
    *shown = (struct overview_telling){.party = telling->party, .unknown = rc == RECORD_DAMAGED};
    if (rc != 0)
        return rc == RECORD_DAMAGED ? 0 : rc;
    shown->heard = cursor.acknowledged >= telling->event;
    return shown->heard ? heard_find (turn, telling->party, telling->event, &shown->heard_at) : 0;
}

int tellings_find (struct turn *turn, const struct evidence *evidence, const struct text_set *informed,
                   const struct overview_telling **tellings_p, size_t *count)
{
    *count = evidence->telling_count > 0 ? evidence->telling_count : informed->count;
    struct overview_telling *all = arena_array (turn->arena, *count, sizeof *all);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < *count; i++) {
        if (evidence->telling_count > 0)
            rc = find_heard (turn, &evidence->tellings[i], &all[i]);
        else
            all[i] = (struct overview_telling){.party = informed->item[i], .unknown = true};
    }
    *tellings_p = all;
    return rc;
}
