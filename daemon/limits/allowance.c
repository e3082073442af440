#include "allowance.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_GUESS = 1024, /* bytes of the log that a request is expected to need; tells when there is room for it */
    UNIT = 1000, /* a bucket counts in thousandths, so that a rate per second is that many thousandths per ms */
};

struct bucket {
    int64_t used; /* in thousandths; more than the burst is a debt */
    moment at;
    moment promised; /* other requests were told to wait until then */
};

struct account {
    char party[33];
    struct bucket requests, log;
    struct allowance_rates rates; /* those of the last question */
};

/* One charge of this turn, so that it can be taken back. */
struct charge {
    size_t account;
    int64_t requests, log;
};

struct allowance {
    moment now;
    struct account *accounts;
    size_t count;
    struct charge *charges;
    size_t charge_count, charge_room;
};

struct allowance *allowance_new (void)
{
    struct allowance *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    return self;
}

void allowance_destroy (struct allowance **self_p)
{
    struct allowance *self = *self_p;
    if (self == NULL)
        return;
    free (self->accounts);
    free (self->charges);
    free (self);
    *self_p = NULL;
}

void allowance_set_time (struct allowance *self, moment steady)
{
    self->now = steady;
}

/* What the bucket holds now. Below 1: nothing. */
static int64_t level (struct bucket *bucket, uint64_t rate, uint64_t burst, moment now)
{
    moment passed = now - bucket->at;
    bucket->at = now;
    /* If this is true the bucket is full. It also keeps the product below from becoming too large. */
    if (rate > 0 && passed > bucket->used / (int64_t)rate)
        bucket->used = 0;
    else
        bucket->used -= passed * (int64_t)rate;
    return (int64_t)burst - (bucket->used + UNIT - 1) / UNIT;
}

/* There are some hundreds of parties at most, so a plain search will do. */
static struct account *find_or_make (struct allowance *self, const char *party)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp (self->accounts[i].party, party) == 0)
            return &self->accounts[i];
    self->accounts = realloc (self->accounts, (self->count + 1) * sizeof *self->accounts);
    if (self->accounts == NULL)
        abort ();
    struct account *made = &self->accounts[self->count++];
    *made = (struct account){.requests = {.at = self->now}, .log = {.at = self->now}};
    snprintf (made->party, sizeof made->party, "%s", party);
    return made;
}

/* The account of this party, as of now. `rates` NULL: the rates of the last question. */
static struct account *account_of (struct allowance *self, const char *party, const struct allowance_rates *rates)
{
    struct account *account = find_or_make (self, party);
    if (rates != NULL)
        account->rates = *rates;
    level (&account->requests, account->rates.requests_per_second, account->rates.requests_burst, self->now);
    level (&account->log, account->rates.log_per_second, account->rates.log_burst, self->now);
    return account;
}

static void charge (struct allowance *self, struct account *account, int64_t requests, int64_t log)
{
    if (self->charge_count == self->charge_room) {
        self->charge_room = 2 * self->charge_room + 64;
        self->charges = realloc (self->charges, self->charge_room * sizeof *self->charges);
        if (self->charges == NULL)
            abort ();
    }
    account->requests.used += requests;
    account->log.used += log;
    self->charges[self->charge_count++] = (struct charge){(size_t)(account - self->accounts), requests, log};
}

/* The moment at which the bucket can serve a request that needs so much. It comes after those of all requests that
   were told to wait before. */
static moment wait_for (struct bucket *bucket, uint64_t rate, uint64_t burst, uint64_t need, moment now)
{
    if (level (bucket, rate, burst, now) >= 1)
        return now;
    int64_t each = rate > 0 ? (int64_t)rate : 1; /* thousandths per millisecond */
    int64_t over = bucket->used - ((int64_t)burst - 1) * UNIT;
    moment there = now + (over + each - 1) / each;
    moment turn = bucket->promised > there ? bucket->promised : there;
    if (turn > there + ALLOWANCE_SPREAD)
        turn = there + ALLOWANCE_SPREAD;
    bucket->promised = turn + ((int64_t)need * UNIT + each - 1) / each;
    return turn;
}

uint32_t allowance_admit (struct allowance *self, const char *party, const struct allowance_rates *rates,
                          size_t count)
{
    struct account *account = account_of (self, party, rates);
    moment now = self->now;
    moment until = wait_for (&account->requests, rates->requests_per_second, rates->requests_burst, count, now);
    moment room = wait_for (&account->log, rates->log_per_second, rates->log_burst, count * LINE_GUESS, now);
    until = room > until ? room : until;
    if (until > now)
        return until - now > UINT32_MAX ? UINT32_MAX : (uint32_t)(until - now);
    charge (self, account, (int64_t)count * UNIT, 0);
    return 0;
}

void allowance_take_log (struct allowance *self, const char *party, size_t bytes)
{
    charge (self, account_of (self, party, NULL), 0, (int64_t)bytes * UNIT);
}

bool allowance_is_spent (struct allowance *self, const char *party, const struct allowance_rates *rates)
{
    return level (&account_of (self, party, rates)->log, rates->log_per_second, rates->log_burst, self->now) < 1;
}

void allowance_settle (struct allowance *self, bool durable)
{
    for (size_t i = 0; i < self->charge_count && !durable; i++) {
        const struct charge *one = &self->charges[i];
        struct account *account = &self->accounts[one->account];
        account->requests.used -= one->requests < account->requests.used ? one->requests : account->requests.used;
        account->log.used -= one->log < account->log.used ? one->log : account->log.used;
    }
    self->charge_count = 0;
}
