#include "telling.h"
#include <stdlib.h>
#include "disk.h"

enum {
    WARM = 2, /* withdrawals before those that are measured */
    LIMIT_US = 60000000,
    PART_MS = 10, /* of each thing that is compared with, in turns */
    TIMES = 1 << 18,
};

static void send_withdrawal (struct telling *self)
{
    static uint8_t message[BENCH_MESSAGE_LIMIT];
    size_t size = concerned_withdraw (self->consents, message);
    if (zmq_send (zsock_resolve (self->team), message, size, 0) < 0)
        bench_fail ("cannot send a withdrawal");
}

static void take_answer (struct telling *self)
{
    zmq_msg_t message;
    zmq_msg_init (&message);
    if (zmq_msg_recv (&message, zsock_resolve (self->team), 0) < 0)
        bench_fail ("cannot read an answer");
    Consentd__Reply *reply = consentd__reply__unpack (NULL, zmq_msg_size (&message), zmq_msg_data (&message));
    if (reply == NULL)
        bench_fail ("a reply that is no reply");
    load_must_be_ok (reply);
    consentd__reply__free_unpacked (reply, NULL);
    zmq_msg_close (&message);
}

static void add (struct kept_times *times, double value)
{
    if (times->count == times->room) {
        times->room = 2 * times->room + 1024;
        times->values = realloc (times->values, times->room * sizeof *times->values);
        if (times->values == NULL)
            bench_fail ("out of memory");
    }
    times->values[times->count++] = value;
}

static void keep (struct telling *self, int64_t answered, const int64_t told_at[CONSUMERS])
{
    double last = 0;
    for (size_t i = 0; i < self->count; i++) {
        double us = told_at[i] > answered ? (double)(told_at[i] - answered) : 0;
        last = us > last ? us : last;
        add (&self->one_us, us);
    }
    add (&self->all_ms, last / 1000);
}

static void withdraw (struct telling *self, bool is_measured)
{
    static int64_t told_at[CONSUMERS];
    int64_t answered = 0, begun = bench_now_us ();
    size_t told = 0;
    send_withdrawal (self);
    while (answered == 0 || told < self->count) {
        if (consumers_wait (self->consumers, answered == 0 ? zsock_resolve (self->team) : NULL, 1000)) {
            answered = bench_now_us ();
            take_answer (self);
        }
        told = consumers_take (self->consumers, told_at, told);
        if (bench_now_us () - begun > LIMIT_US)
            bench_fail ("not all consumers were told");
    }
    if (is_measured)
        keep (self, answered, told_at);
}

/* Until then the consumers read what comes. */
static void rest (struct telling *self, int64_t until_us)
{
    static int64_t told_at[CONSUMERS];
    for (int64_t now; (now = bench_now_us ()) < until_us;) {
        consumers_wait (self->consumers, NULL, (until_us - now + 999) / 1000);
        consumers_take (self->consumers, told_at, 0);
    }
}

void telling_run (struct telling *self, const struct checks_beside *checks, int64_t ms,
                  const struct helper *while_busy)
{
    struct helper_order order = checks->order;
    struct helper_result result;
    for (size_t i = 0; i < WARM; i++)
        withdraw (self, false);
    order.ms = ms;
    helper_begin (checks->asker, &order);
    int64_t due = bench_now_us () + self->every_ms * 1000, end = due + ms * 1000;
    do {
        rest (self, due);
        withdraw (self, true);
        due += self->every_ms * 1000;
    } while (due < end && !(while_busy != NULL && helper_is_done (while_busy)));
    helper_end (checks->asker, &result);
    double kept = result.per_second / order.per_second;
    series_add (&self->kept, kept < 1 ? kept : 1);
}

/* Times of one thing, from all its parts. */
struct times {
    double us[TIMES];
    size_t count;
};

static void add_load (struct times *times, struct side *side, load_look *look, struct people people)
{
    struct load load = {.sockets = side->sockets,
                        .clients = 1,
                        .make = bench_make_check,
                        .people = people,
                        .look = look,
                        .every = 100,
                        .ms = PART_MS};
    size_t count = load_run_single (&load);
    for (size_t i = 0; i < count && times->count < TIMES; i++)
        times->us[times->count++] = load_times[i];
}

static void add_syncs (struct times *times, struct disk *disk)
{
    for (int64_t now, end = bench_now_us () + PART_MS * 1000;
         (now = bench_now_us ()) < end && times->count < TIMES;) {
        disk_append (disk);
        times->us[times->count++] = (double)(bench_now_us () - now);
    }
}

static void sum_up (struct times *times, double result[2])
{
    result[0] = bench_quantile (times->us, times->count, 0.5);
    result[1] = bench_quantile (times->us, times->count, 0.99);
}

void telling_compare (struct setting *setting, const struct checks_beside *checks, int64_t ms,
                      struct reference *reference)
{
    static struct times echo, sync, answer;
    struct helper_order order = checks->order;
    struct helper_result result;
    struct disk *disk = disk_open (setting->instance);
    order.ms = ms;
    helper_begin (checks->asker, &order);
    do {
        add_load (&echo, &setting->bare, NULL, order.people);
        add_load (&answer, &setting->registry, load_must_permit, order.people);
        add_syncs (&sync, disk);
    } while (!helper_is_done (checks->asker));
    helper_end (checks->asker, &result);
    disk_close (&disk);
    sum_up (&echo, reference->echo);
    sum_up (&sync, reference->sync);
    sum_up (&answer, reference->answer);
}
