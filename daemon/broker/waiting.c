#include "waiting.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    SMALLEST_STEP = WAITING_QUANTUM / 16, /* for one connection, however many its party has */
    SHARED_TURNS = 16384, /* for so many turns after two parties asked, no party is taken to be alone */
    LANE_QUANTA = 3,      /* what all parties together may cost in one turn of the last lane */
};

/* What one connection has waiting in a lane. It lives as long as anything of it waits or is out. */
struct line {
    struct connection_id connection;
    struct share *share;
    struct waiter *first, *last;
    struct line *next; /* the next line of the share */
    unsigned out;      /* how many were taken, and neither given back nor finished */
    uint64_t paused;   /* the turn in which its waiter gave way halfway */
};

/* What one party has waiting in a lane. */
struct share {
    struct party_queue *party;
    struct line *first, *last; /* its lines with something waiting or something out */
    size_t lines, ready;       /* how many lines it has, and how many of them have something waiting */
    size_t bytes, checks;
    int64_t credit;    /* what it may still cost; below 0: it took too much */
    uint64_t credited; /* the round of the lane in which it last got a quantum */
    uint64_t left;     /* the turn in which it last had something waiting */
    uint64_t came;     /* the turn after which it came, owing nothing; it is fresh in the next turn */
    struct share *next;
    bool listed;
};

struct party_queue {
    char id[33];
    struct share shares[LANES];
    uint64_t cost; /* since the start */
    struct party_queue *next;
};

struct lane_queue {
    struct share *first, *last; /* the shares with something waiting */
    size_t parties;
    size_t bytes;
    uint64_t round; /* in each round every party gets one quantum */
    uint64_t spent; /* in this turn */
    size_t taken;
};

struct waiting {
    waiting_judge *may_answer;
    const void *context;
    struct lane_queue lanes[LANES];
    struct party_queue *parties; /* every party that ever asked: no more than the registry has */
    uint64_t turn;
    size_t count, taken;              /* in this turn */
    unsigned lane;                    /* how many lanes this turn has served */
    const struct party_queue *latest; /* the last party that asked something, without operators */
    uint64_t shared_until;            /* from this turn on a party that asks is alone, if no other has asked */
    bool light;                       /* in this turn: only fresh parties were served */
    bool is_short;                    /* in this turn: it ended early, for those parties */
    bool was_short;                   /* the turn before ended early */
};

static void *allocate (size_t size)
{
    void *made = calloc (1, size);
    if (made == NULL)
        abort ();
    return made;
}

struct waiting *waiting_new (waiting_judge *may_answer, const void *context)
{
    struct waiting *self = allocate (sizeof *self);
    self->may_answer = may_answer;
    self->context = context;
    return self;
}

void waiting_destroy (struct waiting **self_p)
{
    struct waiting *self = *self_p;
    if (self == NULL)
        return;
    assert (!waiting_any (self));
    while (self->parties != NULL) {
        struct party_queue *party = self->parties;
        self->parties = party->next;
        free (party);
    }
    free (self);
    *self_p = NULL;
}

bool waiting_any (const struct waiting *self)
{
    for (unsigned lane = 0; lane < LANES; lane++)
        if (self->lanes[lane].first != NULL)
            return true;
    return false;
}

/* Lists */

static struct share *find_share (struct waiting *self, const char *id, enum lane lane)
{
    struct party_queue *party = self->parties;
    while (party != NULL && strcmp (party->id, id) != 0)
        party = party->next;
    if (party == NULL) {
        party = allocate (sizeof *party);
        assert (strlen (id) < sizeof party->id);
        strcpy (party->id, id);
        party->next = self->parties;
        self->parties = party;
        for (unsigned i = 0; i < LANES; i++)
            party->shares[i].party = party;
    }
    return &party->shares[lane];
}

static struct line *find_line (struct share *share, const struct connection_id *connection)
{
    for (struct line *line = share->first; line != NULL; line = line->next)
        if (line->connection.number == connection->number && line->connection.fd == connection->fd)
            return line;
    struct line *line = allocate (sizeof *line);
    line->connection = *connection;
    line->share = share;
    if (share->last != NULL)
        share->last->next = line;
    else
        share->first = line;
    share->last = line;
    share->lines++;
    return line;
}

static void drop_line (struct line *line)
{
    struct share *share = line->share;
    struct line **link = &share->first, *before = NULL;
    while (*link != line) {
        before = *link;
        link = &before->next;
    }
    *link = line->next;
    if (share->last == line)
        share->last = before;
    share->lines--;
    free (line);
}

static void rotate_lines (struct share *share)
{
    struct line *first = share->first;
    if (first == share->last)
        return;
    share->first = first->next;
    first->next = NULL;
    share->last->next = first;
    share->last = first;
}

static void append_share (struct lane_queue *lane, struct share *share)
{
    share->next = NULL;
    if (lane->last != NULL)
        lane->last->next = share;
    else
        lane->first = share;
    lane->last = share;
}

/* Inserts the share before all others, except those that also came since the last turn. */
static void insert_share (struct waiting *self, struct lane_queue *lane, struct share *share)
{
    struct share **link = &lane->first;
    share->came = self->turn;
    while (*link != NULL && (*link)->came == self->turn)
        link = &(*link)->next;
    share->next = *link;
    *link = share;
    if (share->next == NULL)
        lane->last = share;
}

static bool is_fresh (const struct waiting *self, const struct share *share)
{
    return share->came + 1 == self->turn;
}

/* With fewer turns each request costs less; but a party that asks must wait for the end of a turn of others. */
static int64_t quantum (const struct waiting *self)
{
    return self->turn < self->shared_until ? WAITING_QUANTUM : WAITING_ALONE * WAITING_QUANTUM;
}

/* Lists the share of a party that comes back. What it took too much is forgiven as turns went by. What it saved is
   lost. */
static void list_share (struct waiting *self, struct lane_queue *lane, struct share *share, bool returned)
{
    if (share->listed)
        return;
    int64_t forgiven = (int64_t)(self->turn - share->left) * WAITING_QUANTUM;
    share->credit = share->credit + forgiven < 0 ? share->credit + forgiven : 0;
    share->listed = true;
    lane->parties++;
    if (returned || share->credit < 0)
        append_share (lane, share);
    else
        insert_share (self, lane, share);
}

static void take_first_share (struct lane_queue *lane)
{
    lane->first = lane->first->next;
    if (lane->first == NULL)
        lane->last = NULL;
}

static void unlist_share (struct waiting *self, struct lane_queue *lane, struct share *share)
{
    struct share **link = &lane->first, *before = NULL;
    while (*link != share) {
        before = *link;
        link = &before->next;
    }
    *link = share->next;
    if (lane->last == share)
        lane->last = before;
    share->listed = false;
    share->left = self->turn;
    lane->parties--;
}

/* In and out */

static void put_in (struct waiting *self, struct waiter *waiter, struct line *line, bool before)
{
    if (line->first == NULL)
        line->share->ready++;
    if (before || line->first == NULL) {
        waiter->next = line->first;
        line->first = waiter;
        if (waiter->next == NULL)
            line->last = waiter;
    } else {
        waiter->next = NULL;
        line->last->next = waiter;
        line->last = waiter;
    }
    waiter->line = line;
    list_share (self, &self->lanes[waiter->lane], line->share, before);
}

static struct waiter *take_out (struct waiting *self, struct line *line)
{
    struct waiter *waiter = line->first;
    line->first = waiter->next;
    if (line->first == NULL) {
        line->last = NULL;
        if (--line->share->ready == 0)
            unlist_share (self, &self->lanes[waiter->lane], line->share);
    }
    return waiter;
}

/* How much may wait of one party, if others wait as well. */
static size_t room_for_one (const struct lane_queue *lane, const struct share *share)
{
    size_t parties = lane->parties + !share->listed, part = WAITING_LANE_BYTES / parties;
    return part < WAITING_SHARE_BYTES ? part : WAITING_SHARE_BYTES;
}

static void note_asked (struct waiting *self, const struct party_queue *party, enum lane lane)
{
    if (lane == LANE_OPERATORS || party == self->latest)
        return;
    if (self->latest != NULL)
        self->shared_until = self->turn + SHARED_TURNS;
    self->latest = party;
}

int waiting_add (struct waiting *self, struct waiter *waiter, const char *party)
{
    struct lane_queue *lane = &self->lanes[waiter->lane];
    struct share *share = find_share (self, party, waiter->lane);
    if (share->checks + waiter->checks > WAITING_SHARE_CHECKS ||
        share->bytes + waiter->bytes > room_for_one (lane, share) ||
        lane->bytes + waiter->bytes > WAITING_LANE_BYTES)
        return WAITING_FULL;
    share->bytes += waiter->bytes;
    share->checks += waiter->checks;
    lane->bytes += waiter->bytes;
    note_asked (self, share->party, waiter->lane);
    put_in (self, waiter, find_line (share, &waiter->connection), false);
    return 0;
}

static void forget (struct waiting *self, struct waiter *waiter)
{
    struct share *share = waiter->line->share;
    share->bytes -= waiter->bytes;
    share->checks -= waiter->checks;
    self->lanes[waiter->lane].bytes -= waiter->bytes;
    if (waiter->line->first == NULL && waiter->line->out == 0)
        drop_line (waiter->line);
    waiter->line = NULL;
}

void waiting_give_back (struct waiting *self, struct waiter *waiter)
{
    waiter->line->out--;
    put_in (self, waiter, waiter->line, true);
}

void waiting_finish (struct waiting *self, struct waiter *waiter)
{
    waiter->line->out--;
    forget (self, waiter);
}

/* Who is next */

void waiting_begin_turn (struct waiting *self, size_t count)
{
    self->turn++;
    self->count = count;
    self->was_short = self->is_short;
    self->is_short = false;
    self->taken = self->lane = 0;
    self->light = true;
    for (unsigned i = 0; i < LANES; i++) {
        self->lanes[i].round++;
        self->lanes[i].spent = self->lanes[i].taken = 0;
    }
}

/* The next connection of the party that can be served now. It is moved behind the party's other connections. NULL:
   there is none. */
static struct line *pick_line (struct waiting *self, struct share *share)
{
    for (size_t i = 0; i < share->lines; i++) {
        struct line *line = share->first;
        rotate_lines (share);
        if (line->first != NULL && line->paused != self->turn &&
            (self->may_answer == NULL || self->may_answer (self->context, &line->connection)))
            return line;
    }
    return NULL;
}

static void credit (const struct waiting *self, const struct lane_queue *lane, struct share *share)
{
    if (share->credited == lane->round)
        return;
    share->credited = lane->round;
    share->credit += quantum (self);
    if (share->credit > quantum (self))
        share->credit = quantum (self);
}

/* A party is served until its quantum is spent, and then the next party. If all parties that could be served took
   too much before, rounds go by until one of them has made up for it, since nobody else needs the turn. */
static struct line *next_line (struct waiting *self, struct lane_queue *lane)
{
    bool owing = false;
    for (size_t left = lane->parties; left > 0;) {
        struct share *share = lane->first;
        credit (self, lane, share);
        struct line *line = pick_line (self, share);
        if (line != NULL && share->credit > 0)
            return line;
        owing |= line != NULL;
        take_first_share (lane);
        append_share (lane, share);
        if (--left == 0 && owing && lane->taken == 0) {
            lane->round++;
            left = lane->parties;
            owing = false;
        }
    }
    return NULL;
}

/* If a turn has too few requests for each lane to have a part, the lanes take turns in being first. */
static enum lane lane_at (const struct waiting *self, unsigned place)
{
    return (enum lane) (self->count < LANES + 1 ? (place + self->turn) % LANES : place);
}

static bool is_full (const struct waiting *self, enum lane which)
{
    const struct lane_queue *lane = &self->lanes[which];
    if (which == LANE_REST)
        return (int64_t)lane->spent >= LANE_QUANTA * quantum (self);
    return (int64_t)lane->spent >= quantum (self) || (lane->taken > 0 && lane->taken >= self->count / (LANES + 1));
}

/* An answer waits for the end of its turn. So, if a party was served that comes now and then, the turn ends before
   the parties that always have something waiting. Those have the next turn. */
struct waiter *waiting_take (struct waiting *self, uint64_t *allowance)
{
    while (self->taken < self->count && self->lane < LANES) {
        enum lane which = lane_at (self, self->lane);
        struct lane_queue *lane = &self->lanes[which];
        struct line *line = is_full (self, which) ? NULL : next_line (self, lane);
        if (line == NULL) {
            self->lane++;
            continue;
        }
        bool light = is_fresh (self, line->share);
        self->is_short = which == LANE_REST && !light && self->light && self->taken > 0 && !self->was_short;
        if (self->is_short)
            return NULL;
        self->light = self->light && light;
        uint64_t part = (uint64_t)line->share->credit / line->share->ready;
        *allowance = part > SMALLEST_STEP ? part : SMALLEST_STEP;
        lane->taken++;
        self->taken++;
        line->out++;
        return take_out (self, line);
    }
    return NULL;
}

void waiting_charge (struct waiting *self, struct waiter *waiter, uint64_t cost, bool whole)
{
    waiter->line->share->credit -= (int64_t)cost;
    waiter->line->share->party->cost += cost;
    self->lanes[waiter->lane].spent += cost;
    if (!whole)
        waiter->line->paused = self->turn;
}

/* Letting go */

static struct waiter *drop_first (struct waiting *self, struct line *line)
{
    struct waiter *waiter = take_out (self, line);
    forget (self, waiter);
    return waiter;
}

struct waiter *waiting_drop (struct waiting *self, const struct connection_id *gone)
{
    for (unsigned lane = 0; lane < LANES; lane++)
        for (struct share *share = self->lanes[lane].first; share != NULL; share = share->next)
            for (struct line *line = share->first; line != NULL; line = line->next)
                if (line->first != NULL && line->connection.number == gone->number &&
                    line->connection.fd == gone->fd && line->connection.channel == gone->channel)
                    return drop_first (self, line);
    return NULL;
}

struct waiter *waiting_drop_any (struct waiting *self)
{
    for (unsigned lane = 0; lane < LANES; lane++)
        for (struct share *share = self->lanes[lane].first; share != NULL; share = share->next)
            for (struct line *line = share->first; line != NULL; line = line->next)
                if (line->first != NULL)
                    return drop_first (self, line);
    return NULL;
}

bool waiting_next_party (const struct waiting *self, struct waiting_party *party)
{
    const struct party_queue *next = party->queue == NULL ? self->parties : party->queue->next;
    if (next == NULL)
        return false;
    *party = (struct waiting_party){.id = next->id, .cost = next->cost, .queue = next};
    for (unsigned lane = 0; lane < LANES; lane++)
        party->waiting += next->shares[lane].checks;
    return true;
}
