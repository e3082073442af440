/* Deciding: takes the requests that wait, in fair turns, and makes the answer to each. All is in one transaction.
 */
#include <assert.h>
#include "batch.h"
#include "broker_parts.h"
#include "limits/admission.h"

/* Refuses a message, logs that, and has the connection closed when the answer has left. Its key is no party's any
   more; or it chose its own routing id, and so may be trying to get messages of the connection that had that id
   before. */
static int show_out (struct broker *self, struct turn *turn, struct exchange *exchange, const char *party,
                     void (*say) (struct turn *, struct bytes, struct bytes *))
{
    struct bytes answer;
    say (turn, exchange_payload (exchange), &answer);
    exchange_answer (exchange, answer, self->replies);
    exchange->is_last = true;
    return auth_log_refused (turn, party, exchange->channel, party[0] == 0 ? "refused" : "own-routing-id");
}

/* Decides one request. 0: it has its answer; BATCH_MORE; or a failure. */
static int decide_one (struct broker *self, struct turn *turn, struct exchange *exchange, uint64_t allowance)
{
    struct connection_id *connection = &exchange->waiter.connection;
    struct bytes message = exchange_payload (exchange), answer;
    arena_reset (turn->arena);
    store_use_share (turn->txn, STORE_GENERAL); /* also for strangers: the request before may have set another */
    const char *key = exchange_key (exchange);
    const struct party_entry *party = parties_by_key (turn->parties, key, turn->now);
    if (party == NULL)
        return show_out (self, turn, exchange, "", dispatch_stranger);
    if (exchange->chose_its_route)
        return show_out (self, turn, exchange, party->text.id, dispatch_own_route);
    connections_use (self->connections, connection, party->text.id,
                     admission_limits (turn->config, party).connections, broker_steady ());
    struct caller caller = {
        party,      key, exchange->channel, zmq_msg_data (&exchange->route), zmq_msg_size (&exchange->route),
        *connection};
    const struct request *batch;
    int rc = exchange->batch == NULL ? dispatch (turn, &caller, message, &answer, &batch) : DISPATCH_BATCH;
    if (rc == DISPATCH_BATCH) {
        if (exchange->batch == NULL) {
            exchange->batch = batch_new (batch);
            turn->listed += batch->as.batch.count;
        }
        rc = batch_step (exchange->batch, turn, &caller, allowance, &answer);
    }
    if (rc == 0)
        exchange_answer (exchange, answer, self->replies);
    return rc;
}

/* A turn that failed is tried again with one request at a time, so that no request makes another fail. Between
   these turns everything else of the daemon goes on. */
int broker_decide (struct broker *self, struct turn *turn)
{
    struct waiter *waiter;
    uint64_t allowance;
    self->served_count = 0;
    waiting_begin_turn (self->waiting, self->singly > 0 ? 1 : self->in_force.config->turn_limit);
    int rc = broker_begin (self, turn);
    while ((waiter = waiting_take (self->waiting, &allowance)) != NULL) {
        struct exchange *exchange = exchange_of (waiter);
        assert (self->served_count < self->served_room);
        self->served[self->served_count++] = exchange;
        if (rc != 0)
            break; /* there is no transaction; one request must hear so */
        uint64_t before = turn_cost (turn);
        rc = decide_one (self, turn, exchange, allowance);
        waiting_charge (self->waiting, waiter, turn_cost (turn) - before, rc != BATCH_MORE);
        if (rc == BATCH_MORE)
            rc = 0;
        if (rc != 0)
            break;
    }
    return rc;
}
