#include "backlog.h"
#include "config/config.h"
#include "parties/parties.h"

enum {
    NEAR_PERCENT = 80, /* of a limit: somebody is told */
    CALM_PERCENT = 50, /* below that it is over: whoever stays about as far behind is told of once */
    READ = 64,         /* events of one party, at most, to find those that are too old */
};

static moment time_of (struct turn *turn, const char *party, uint64_t number)
{
    struct event event;
    return outbox_read (turn, party, number, &event) == 0 ? event.time : 0;
}

/* The last of the events that have waited too long. What cannot be read goes with the next one that can. */
static uint64_t find_too_old (struct turn *turn, const char *party, const struct cursor *cursor, bool *more)
{
    uint64_t last = cursor->acknowledged, one = last + 1;
    moment oldest = turn->now - turn->config->events_age;
    for (; one <= cursor->newest && one - cursor->acknowledged <= READ; one++) {
        moment time = time_of (turn, party, one);
        if (time != 0 && time >= oldest)
            return last;
        last = time != 0 ? one : last;
    }
    *more |= one <= cursor->newest;
    return last;
}

/* Nobody will ever ask for them: of a party that is not active any more, and had no consumer. */
static bool is_for_nobody (struct turn *turn, const char *party, const struct consumers *all)
{
    const struct party_entry *entry = parties_find (turn->parties, party);
    return all->live == 0 && all->missing == 0 && entry != NULL && !entry->party.active;
}

/* Before anything is dropped the table says who had what, of each consumer by itself: then each is told. */
static int pin_down (struct turn *turn, const char *party, struct cursor *cursor, const struct consumers *all)
{
    bool is_sure = !consumers_is_of_before (cursor);
    for (size_t i = 0; i < all->count; i++)
        is_sure &= !all->item[i].damaged;
    int rc = is_sure ? 0 : consumers_put (turn, party, &all->item[0]);
    return rc == 0 ? outbox_cursor (turn, party, cursor) : rc;
}

int backlog_clear (struct turn *turn, const char *party, struct cursor *cursor, struct consumers *all,
                   struct backlog_cleared *cleared)
{
    uint64_t keep = turn->config->events_keep, least = consumers_least (all, cursor), last = least;
    *cleared = (struct backlog_cleared){.dropped = false};
    if (cursor->acknowledged >= cursor->newest)
        return 0;
    if (is_for_nobody (turn, party, all))
        least = last = cursor->newest;
    if (last < cursor->newest && cursor->newest - last > keep)
        last = cursor->newest - keep;
    if (last == cursor->acknowledged && turn->state.clock_stopped == false)
        last = find_too_old (turn, party, cursor, &cleared->more);
    if (last <= cursor->acknowledged)
        return 0;
    int rc = last > least ? pin_down (turn, party, cursor, all) : 0;
    if (rc != 0)
        return rc;
    cursor->named |= !consumers_is_of_before (cursor);
    rc = outbox_clear (turn, party, last, cursor);
    cleared->dropped = cursor->acknowledged > least;
    cleared->more |= cursor->acknowledged < last;
    return rc == 0 ? consumers_list (turn, party, cursor, all) : rc;
}

/* The episode is over when it has acknowledged what came behind. Of nobody it is that of the party. */
static bool is_newly_dropped (const struct consumer *consumer)
{
    return consumer->last_dropped > 0 && consumer->dropped_told <= consumer->acknowledged;
}

static bool is_at (const struct turn *turn, const struct backlog_found *found, unsigned percent)
{
    const struct config *config = turn->config;
    moment waited = found->since > 0 && found->since < turn->now ? turn->now - found->since : 0;
    return found->waiting >= config->events_keep / 100 * percent || waited >= config->events_age / 100 * percent;
}

int backlog_look (struct turn *turn, const char *party, struct consumer *consumer, const struct cursor *cursor,
                  struct backlog_found *found)
{
    uint64_t own = consumer->acknowledged > cursor->acknowledged ? consumer->acknowledged : cursor->acknowledged;
    *found = (struct backlog_found){.waiting = cursor->newest > own ? cursor->newest - own : 0};
    if (found->waiting > 0)
        found->since = time_of (turn, party, own + 1);
    bool is_told = consumer->waiting_told != 0;
    bool near = found->waiting > 0 && is_at (turn, found, is_told ? CALM_PERCENT : NEAR_PERCENT);
    found->is_near = near && !is_told;
    found->is_dropped = is_newly_dropped (consumer);
    if (!found->is_dropped && near == is_told)
        return 0;
    consumer->waiting_told = near ? cursor->newest : 0;
    if (found->is_dropped)
        consumer->dropped_told = consumer->last_dropped;
    return consumers_put (turn, party, consumer);
}

static size_t add_of (struct turn *turn, const char *party, struct consumer_warning *one,
                      const struct cursor *cursor, const struct consumer *consumer)
{
    uint64_t own = consumer->acknowledged > cursor->acknowledged ? consumer->acknowledged : cursor->acknowledged;
    *one = (struct consumer_warning){.party = party,
                                     .consumer = arena_strdup (turn->arena, consumer->name),
                                     .since = time_of (turn, party, own + 1),
                                     .waiting = cursor->newest - own};
    return 1;
}

static int list_party (struct turn *turn, const char *party, struct consumer_warning *list, size_t room,
                       size_t *count)
{
    struct cursor cursor;
    struct consumers all;
    int rc = outbox_cursor (turn, party, &cursor);
    if (rc != 0 || cursor.acknowledged >= cursor.newest)
        return rc == RECORD_DAMAGED ? 0 : rc;
    rc = consumers_list (turn, party, &cursor, &all);
    struct consumer nobody = consumers_nobody (&cursor);
    if (rc == 0 && all.live == 0 && nobody.waiting_told != 0 && *count < room)
        *count += add_of (turn, party, &list[*count], &cursor, &nobody);
    for (size_t i = 0; rc == 0 && i < all.count && *count < room; i++)
        if (all.item[i].forgotten_at == 0 && all.item[i].waiting_told != 0)
            *count += add_of (turn, party, &list[*count], &cursor, &all.item[i]);
    return rc;
}

int backlog_list (struct turn *turn, struct consumer_warning *list, size_t room, size_t *count)
{
    const struct party_entry *entry;
    int rc = 0;
    *count = 0;
    for (size_t i = 0; rc == 0 && (entry = parties_at (turn->parties, i)) != NULL; i++)
        rc = list_party (turn, entry->text.id, list, room, count);
    return rc;
}
