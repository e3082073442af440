#include "load.h"
#include <sys/prctl.h>
#include <time.h>

enum { ANSWER_LIMIT_MS = 60000, NAP_NS = 100000 };

double load_times[LOAD_TIMES];

void load_must_be_ok (const Consentd__Reply *reply)
{
    if (reply->status == CONSENTD__STATUS__OK)
        return;
    fprintf (stderr, "bench: status %d, field \"%s\": %s\n", reply->status, reply->field, reply->message);
    bench_give_up ();
}

void load_must_permit (const Consentd__Reply *reply)
{
    load_must_be_ok (reply);
    if (reply->check == NULL || reply->check->verdict != CONSENTD__VERDICT__PERMIT)
        bench_fail ("a check was not permitted");
}

void load_must_permit_all (const Consentd__Reply *reply)
{
    load_must_be_ok (reply);
    if (reply->batch == NULL || reply->batch->n_answers != BENCH_BATCH)
        bench_fail ("a batch was not answered");
    for (size_t i = 0; i < BENCH_BATCH; i++)
        if (reply->batch->answers[i]->status != CONSENTD__STATUS__OK ||
            reply->batch->answers[i]->check->verdict != CONSENTD__VERDICT__PERMIT)
            bench_fail ("a check of a batch was not permitted");
}

static void look_at (const struct load *load, zmq_msg_t *message)
{
    Consentd__Reply *reply = consentd__reply__unpack (NULL, zmq_msg_size (message), zmq_msg_data (message));
    if (reply == NULL)
        bench_fail ("a reply that is no reply");
    load->look (reply);
    consentd__reply__free_unpacked (reply, NULL);
}

/* A run while it goes on. */
struct run {
    struct load *load;
    zmq_pollitem_t items[LOAD_CLIENTS];
    size_t sent;
    int64_t start;
};

static void begin (struct run *run, struct load *load)
{
    *run = (struct run){.load = load, .start = bench_now_us ()};
    for (size_t i = 0; i < load->clients; i++)
        run->items[i] = (zmq_pollitem_t){zsock_resolve (load->sockets[i]), 0, ZMQ_POLLIN, 0};
    load->answered = load->turned_away = 0;
}

static void send_next (struct run *run, size_t client)
{
    static uint8_t message[BENCH_MESSAGE_LIMIT];
    size_t size = run->load->make (run->load->people, run->load->first + run->sent++, message);
    if (zmq_send (run->items[client].socket, message, size, 0) < 0)
        bench_fail ("cannot send");
}

static bool goes_on (const struct run *run)
{
    const struct load *load = run->load;
    return (load->total == 0 || run->sent < load->total) &&
           (load->ms == 0 || bench_now_us () < run->start + load->ms * 1000);
}

/* Takes the next reply, if there is one. The caller closes it. */
static bool receive (struct run *run, size_t client, zmq_msg_t *reply)
{
    struct load *load = run->load;
    if (zmq_msg_recv (reply, run->items[client].socket, ZMQ_DONTWAIT) < 0)
        return false;
    load->reply_size = zmq_msg_size (reply);
    if (load->look != NULL && load->answered % load->every == 0)
        look_at (load, reply);
    load->answered++;
    return true;
}

void load_run (struct load *load)
{
    struct run run;
    begin (&run, load);
    for (size_t w = 0; w < load->window; w++)
        for (size_t i = 0; i < load->clients && (load->total == 0 || run.sent < load->total); i++)
            send_next (&run, i);
    zmq_msg_t reply;
    zmq_msg_init (&reply);
    while (load->answered < run.sent) {
        if (zmq_poll (run.items, (int)load->clients, ANSWER_LIMIT_MS) <= 0)
            bench_fail ("no answer");
        for (size_t i = 0; i < load->clients; i++)
            while ((run.items[i].revents & ZMQ_POLLIN) != 0 && receive (&run, i, &reply))
                if (goes_on (&run))
                    send_next (&run, i);
    }
    zmq_msg_close (&reply);
    load->per_second = (double)load->answered * 1e6 / (double)(bench_now_us () - run.start);
}

size_t load_run_single (struct load *load)
{
    struct run run;
    begin (&run, load);
    zmq_msg_t reply;
    zmq_msg_init (&reply);
    while (load->answered < LOAD_TIMES && (load->answered == 0 || goes_on (&run))) {
        int64_t start = bench_now_us ();
        send_next (&run, 0);
        if (zmq_poll (run.items, 1, ANSWER_LIMIT_MS) <= 0 || !receive (&run, 0, &reply))
            bench_fail ("no answer");
        load_times[load->answered - 1] = (double)(bench_now_us () - start);
    }
    zmq_msg_close (&reply);
    return load->answered;
}

/* What a reply begins with, as protobuf writes it: its version, its request's key, its status. */
struct reply_head {
    uint8_t version_tag, version, key_tag, key_size, key[BENCH_KEY_SIZE], status_tag, status;
};

/* The number of a reply's request, by its key. */
static size_t number_of (const struct reply_head *head, uint64_t first_key)
{
    uint64_t key = 0;
    memcpy (&key, head->key + 8, 8);
    return key - first_key;
}

/* Takes an answer, or being told that too much is waiting: then it waits for as long as the run takes. */
static void take_open (struct run *run, zmq_msg_t *reply, double gap, uint64_t first_key)
{
    struct load *load = run->load;
    const struct reply_head *head = zmq_msg_data (reply);
    if (zmq_msg_size (reply) < sizeof *head)
        bench_fail ("a reply that is no reply");
    size_t number = number_of (head, first_key);
    if (number >= run->sent)
        bench_fail ("a reply to something else");
    load->answered++;
    load_times[number] = (double)(bench_now_us () - run->start) - gap * (double)number;
    if (head->status == CONSENTD__STATUS__UNAVAILABLE) {
        load->turned_away++;
        load_times[number] = (double)load->ms * 1000;
    } else if (number % load->every == 0)
        look_at (load, reply);
}

/* Until something is due, or a moment: a client that never sleeps would take the processor from the daemon. */
static void nap (void)
{
    const struct timespec short_time = {0, NAP_NS};
    nanosleep (&short_time, NULL);
}

size_t load_run_open (struct load *load, double per_second)
{
    struct run run;
    size_t due = (size_t)(per_second * (double)load->ms / 1000);
    uint64_t first_key = bench_newest_key () + 1;
    double gap = 1e6 / per_second;
    if (due > LOAD_TIMES)
        due = LOAD_TIMES;
    prctl (PR_SET_TIMERSLACK, 1000);
    begin (&run, load);
    int64_t last = run.start;
    zmq_msg_t reply;
    zmq_msg_init (&reply);
    while (load->answered < due) {
        while (run.sent < due && (double)(bench_now_us () - run.start) >= gap * (double)run.sent)
            send_next (&run, run.sent % load->clients);
        for (size_t i = 0; i < load->clients; i++)
            while (zmq_msg_recv (&reply, run.items[i].socket, ZMQ_DONTWAIT) >= 0) {
                take_open (&run, &reply, gap, first_key);
                last = bench_now_us ();
            }
        if (bench_now_us () - last > INT64_C (1000) * ANSWER_LIMIT_MS)
            bench_fail ("no answer");
        nap ();
    }
    zmq_msg_close (&reply);
    load->per_second = (double)load->answered * 1e6 / (double)(last - run.start);
    return due;
}
