#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>
#include "scripted_registry.h"
#include "testing.h"

enum { TIMEOUT = 1000 }; /* ms; the answer of a thread beside comes within a few */

static uint8_t epoch[16] = "0123456789abcde";
static uint8_t some_id[16] = "an id of 16 byte";

struct scripted_registry scripted;

void scripted_honest (Consentd__Reply *reply)
{
    (void)reply;
}

/* A permit of everything that is asked. */
struct permit {
    Consentd__CheckReply check;
    Consentd__ItemVerdict items[64], *list[64];
};

static void fill_permit (const Consentd__CheckRequest *asked, struct permit *self)
{
    for (size_t i = 0; i < asked->n_items; i++) {
        consentd__item_verdict__init (&self->items[i]);
        self->items[i].category = asked->items[i]->category;
        self->items[i].origin = asked->items[i]->origin;
        self->items[i].verdict = CONSENTD__VERDICT__PERMIT;
        self->items[i].ground = CONSENTD__GROUND__CONSENT;
        self->items[i].consent_id = (ProtobufCBinaryData){sizeof some_id, some_id};
        self->list[i] = &self->items[i];
    }
    consentd__check_reply__init (&self->check);
    self->check.verdict = CONSENTD__VERDICT__PERMIT;
    self->check.n_items = asked->n_items;
    self->check.items = self->list;
}

static void send_twisted (Consentd__Reply *reply, const Consentd__Request *request, zmq_msg_t *identity)
{
    reply->version = 1;
    reply->status = CONSENTD__STATUS__OK;
    reply->idempotency_key = request->idempotency_key;
    reply->epoch = (ProtobufCBinaryData){sizeof epoch, epoch};
    reply->revision = 100;
    scripted.twist (reply);
    uint8_t bytes[8192];
    size_t size = consentd__reply__pack (reply, bytes);
    zmq_msg_send (identity, scripted.socket, ZMQ_SNDMORE);
    zmq_send (scripted.socket, bytes, size, 0);
}

static void answer_batch (const Consentd__Request *request, zmq_msg_t *identity)
{
    struct permit permits[SCRIPTED_CHECKS];
    Consentd__BatchAnswer answers[SCRIPTED_CHECKS], *list[SCRIPTED_CHECKS];
    Consentd__BatchReply batch;
    Consentd__Reply reply;
    consentd__reply__init (&reply);
    consentd__batch_reply__init (&batch);
    batch.n_answers = request->batch->n_checks;
    batch.answers = list;
    for (size_t i = 0; i < batch.n_answers; i++) {
        fill_permit (request->batch->checks[i], &permits[i]);
        consentd__batch_answer__init (&answers[i]);
        answers[i].status = CONSENTD__STATUS__OK;
        answers[i].revision = 100;
        answers[i].check = &permits[i].check;
        list[i] = &answers[i];
    }
    reply.body_case = CONSENTD__REPLY__BODY_BATCH;
    reply.batch = &batch;
    send_twisted (&reply, request, identity);
}

/* Two permits of one item, as they were recorded. */
static void answer_recorded (const Consentd__Request *request, zmq_msg_t *identity)
{
    Consentd__Item item, *items[] = {&item};
    Consentd__CheckRequest asked;
    struct permit permits[2];
    Consentd__BatchAnswer answers[2], *list[2];
    Consentd__RecordedReply recorded;
    Consentd__Reply reply;
    consentd__item__init (&item);
    consentd__check_request__init (&asked);
    consentd__recorded_reply__init (&recorded);
    consentd__reply__init (&reply);
    item.category = "naw";
    asked.items = items;
    asked.n_items = 1;
    for (size_t i = 0; i < 2; i++) {
        fill_permit (&asked, &permits[i]);
        consentd__batch_answer__init (&answers[i]);
        answers[i].status = CONSENTD__STATUS__OK;
        answers[i].revision = 40;
        answers[i].replayed = true;
        answers[i].check = &permits[i].check;
        list[i] = &answers[i];
    }
    recorded.n_answers = 2;
    recorded.answers = list;
    recorded.epoch = (ProtobufCBinaryData){sizeof some_id, some_id};
    reply.body_case = CONSENTD__REPLY__BODY_RECORDED;
    reply.recorded = &recorded;
    send_twisted (&reply, request, identity);
}

/* As many parties as were named, or one. */
static void answer_identify (const Consentd__Request *request, zmq_msg_t *identity)
{
    Consentd__IdentifiedParty parties[SCRIPTED_CHECKS], *list[SCRIPTED_CHECKS];
    Consentd__PartyIdentifyReply identified;
    Consentd__Reply reply;
    size_t named = request->party_identify->n_parties;
    consentd__party_identify_reply__init (&identified);
    consentd__reply__init (&reply);
    identified.n_parties = named > 0 ? named : 1;
    identified.parties = list;
    for (size_t i = 0; i < identified.n_parties; i++) {
        consentd__identified_party__init (&parties[i]);
        parties[i].id = named > 0 ? request->party_identify->parties[i] : request->party_identify->identifier;
        parties[i].kind = "zorgaanbieder";
        parties[i].agb = request->party_identify->value;
        list[i] = &parties[i];
    }
    reply.body_case = CONSENTD__REPLY__BODY_PARTY_IDENTIFY;
    reply.party_identify = &identified;
    send_twisted (&reply, request, identity);
}

/* Two pages of one term each. */
static void answer_vocabulary (const Consentd__Request *request, zmq_msg_t *identity)
{
    static uint8_t next[] = "1 toekenning";
    Consentd__Term term, *terms[] = {&term};
    Consentd__VocabularyReply told;
    Consentd__Reply reply;
    bool is_first = request->vocabulary->after.len == 0;
    consentd__term__init (&term);
    consentd__vocabulary_reply__init (&told);
    consentd__reply__init (&reply);
    term.sort = is_first ? CONSENTD__TERM_SORT__TERM_PURPOSE : CONSENTD__TERM_SORT__TERM_PARTY;
    term.code = is_first ? "toekenning" : "kernteam";
    term.kind = is_first ? "" : "kernteam";
    term.receives = true;
    told.terms = terms;
    told.n_terms = 1;
    told.policy = "kaag-en-braassem-2015/2";
    told.policy_hash = (ProtobufCBinaryData){sizeof some_id, some_id};
    told.more = is_first;
    if (is_first)
        told.next = (ProtobufCBinaryData){sizeof next - 1, next};
    reply.body_case = CONSENTD__REPLY__BODY_VOCABULARY;
    reply.vocabulary = &told;
    send_twisted (&reply, request, identity);
}

static void answer (const Consentd__Request *request, zmq_msg_t *identity)
{
    struct permit permit;
    Consentd__Reply reply;
    if (request->body_case == CONSENTD__REQUEST__BODY_BATCH) {
        answer_batch (request, identity);
        return;
    }
    if (request->body_case == CONSENTD__REQUEST__BODY_RECORDED) {
        answer_recorded (request, identity);
        return;
    }
    if (request->body_case == CONSENTD__REQUEST__BODY_PARTY_IDENTIFY) {
        answer_identify (request, identity);
        return;
    }
    if (request->body_case == CONSENTD__REQUEST__BODY_VOCABULARY) {
        answer_vocabulary (request, identity);
        return;
    }
    consentd__reply__init (&reply);
    if (request->body_case != CONSENTD__REQUEST__BODY_CHECK) { /* a status alone */
        send_twisted (&reply, request, identity);
        return;
    }
    fill_permit (request->check, &permit);
    reply.body_case = CONSENTD__REPLY__BODY_CHECK;
    reply.check = &permit.check;
    send_twisted (&reply, request, identity);
}

static void hear (zmq_msg_t *identity, const uint8_t *bytes, size_t size)
{
    scripted.heard++;
    if (scripted.last_size && (scripted.last_size != size || memcmp (scripted.last, bytes, size)))
        scripted.differed = true;
    memcpy (scripted.last, bytes, size);
    scripted.last_size = size;
    if (scripted.ignore) {
        scripted.ignore--;
        return;
    }
    Consentd__Request *request = consentd__request__unpack (NULL, size, bytes);
    answer (request, identity);
    consentd__request__free_unpacked (request, NULL);
}

static void *serve (void *unused)
{
    while (!scripted.stop) {
        zmq_msg_t identity;
        zmq_msg_init (&identity);
        uint8_t bytes[4096];
        if (zmq_msg_recv (&identity, scripted.socket, 0) >= 0) {
            int size = zmq_recv (scripted.socket, bytes, sizeof bytes, 0);
            hear (&identity, bytes, (size_t)size);
        }
        zmq_msg_close (&identity);
    }
    return unused;
}

int scripted_start (void **state)
{
    (void)state;
    scripted.context = zmq_ctx_new ();
    scripted.socket = zmq_socket (scripted.context, ZMQ_ROUTER);
    int yes = 1, none = 0, wait = 20;
    zmq_curve_keypair (scripted.public_key, scripted.secret_key);
    zmq_setsockopt (scripted.socket, ZMQ_CURVE_SERVER, &yes, sizeof yes);
    zmq_setsockopt (scripted.socket, ZMQ_CURVE_SECRETKEY, scripted.secret_key, 41);
    zmq_setsockopt (scripted.socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt (scripted.socket, ZMQ_RCVTIMEO, &wait, sizeof wait);
    size_t size = sizeof scripted.endpoint;
    return zmq_bind (scripted.socket, "tcp://127.0.0.1:*") ||
           zmq_getsockopt (scripted.socket, ZMQ_LAST_ENDPOINT, scripted.endpoint, &size) ||
           pthread_create (&scripted.thread, NULL, serve, NULL);
}

int scripted_stop (void **state)
{
    (void)state;
    scripted.stop = true;
    pthread_join (scripted.thread, NULL);
    zmq_close (scripted.socket);
    return zmq_ctx_term (scripted.context);
}

void scripted_forbidden (Consentd__Reply *reply)
{
    reply->status = CONSENTD__STATUS__FORBIDDEN; /* and still says PERMIT below */
}

void scripted_no_body (Consentd__Reply *reply)
{
    reply->body_case = CONSENTD__REPLY__BODY__NOT_SET;
}

void scripted_unavailable (Consentd__Reply *reply)
{
    reply->status = CONSENTD__STATUS__UNAVAILABLE;
}

char scripted_key_file[PATH_MAX];

void scripted_write_key_file (const char *public_key, const char *secret_key, mode_t mode)
{
    FILE *file = fopen (scripted_key_file, "w");
    assert_non_null (file);
    fprintf (file,
             "metadata\n    party = \"kernteam\"\n    requests = \"%s\"\n    server-key = \"%s\"\n"
             "curve\n    public-key = \"%s\"\n",
             scripted.endpoint, scripted.public_key, public_key);
    if (secret_key)
        fprintf (file, "    secret-key = \"%s\"\n", secret_key);
    assert_int_equal (fclose (file), 0);
    assert_int_equal (chmod (scripted_key_file, mode), 0);
}

int scripted_make_key_file (void **state)
{
    (void)state;
    snprintf (scripted_key_file, sizeof scripted_key_file, "%s/test-consent.XXXXXX",
              getenv ("TMPDIR") ? getenv ("TMPDIR") : "/tmp");
    int file = mkstemp (scripted_key_file);
    return file < 0 ? -1 : close (file);
}

int scripted_remove_key_file (void **state)
{
    (void)state;
    return unlink (scripted_key_file);
}

int scripted_connect (void **state)
{
    scripted_make_key_file (NULL);
    char public_key[41], secret_key[41], error[512];
    zmq_curve_keypair (public_key, secret_key);
    scripted_write_key_file (public_key, secret_key, 0600);
    consent_t *self = consent_open (scripted_key_file, error, sizeof error);
    if (!self)
        return -1;
    consent_set_timeout (self, TIMEOUT);
    consent_set_attempts (self, SCRIPTED_ATTEMPTS);
    scripted.twist = scripted_honest;
    scripted.ignore = scripted.heard = 0;
    scripted.differed = false;
    scripted.last_size = 0;
    *state = self;
    return 0;
}

int scripted_disconnect (void **state)
{
    consent_t *self = *state;
    consent_close (&self);
    return unlink (scripted_key_file);
}

static const struct consent_item items[] = {{"naw", "wmo"}, {"budget", NULL}};
const struct consent_question scripted_question = {
    .bsn = "999900006",
    .provider = "kernteam",
    .recipient = "cak",
    .purpose = "toekenning",
    .items = items,
    .item_count = 2,
    .user = "medewerker-17",
    .mode = CONSENT_DISCLOSE,
};

void scripted_assert_no_permit (consent_t *self, void (*twist) (Consentd__Reply *reply), int status)
{
    scripted.twist = twist;
    scripted.last_size = 0;
    struct consent_answer *got = consent_check (self, &scripted_question);
    assert_int_equal (got->status, status);
    assert_int_equal (got->verdict, CONSENT_DENY);
    for (size_t i = 0; i < got->item_count; i++)
        assert_int_equal (got->items[i].verdict, CONSENT_DENY);
    assert_string_not_equal (got->message, "");
    consent_answer_destroy (&got);
    assert_null (got);
}

void scripted_assert_permit (consent_t *self)
{
    struct consent_answer *got = consent_check (self, &scripted_question);
    assert_int_equal (got->status, CONSENT_OK);
    assert_int_equal (got->verdict, CONSENT_PERMIT);
    assert_int_equal (got->item_count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal (got->items[i].verdict, CONSENT_PERMIT);
        assert_int_equal (got->items[i].ground, CONSENT_GROUND_CONSENT);
        assert_int_equal (strlen (got->items[i].consent_id), 32);
    }
    consent_answer_destroy (&got);
}

struct consent_answer *scripted_ask (consent_t *self, void (*twist) (Consentd__Reply *reply),
                                     const struct consent_question *question)
{
    scripted.twist = twist;
    scripted.last_size = 0;
    return consent_check (self, question);
}
