/* libconsent against a registry that can be told to lie, to be silent and to be late: whatever it does, only a
   whole and fitting answer is a permit. And the key file: what is not one, or is open to others, is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "call.h"
#include "primitive.h"

enum { TIMEOUT = 150, ATTEMPTS = 3 };

static uint8_t EPOCH[16] = "0123456789abcde";
static uint8_t ID[16] = "an id of 16 byte";

/* --------------------------------------------------------------------------------------- a scripted registry */

struct registry {
    void *context, *socket;
    pthread_t thread;
    atomic_bool stop;
    char endpoint[256];
    char public_key[41], secret_key[41];
    /* The script, set before a call. */
    atomic_int ignore;                              /* so many requests have no answer */
    void (*_Atomic twist) (Consentd__Reply *reply); /* changes the answer, which would be a permit */
    /* What came of it. */
    atomic_int heard;
    atomic_bool differed; /* a request was sent again with other bytes */
    uint8_t last[4096];
    atomic_size_t last_size;
};

static struct registry registry;

static void honest (Consentd__Reply *reply)
{
    (void)reply;
}

enum { CHECKS = 4 };

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
        self->items[i].consent_id = (ProtobufCBinaryData){sizeof ID, ID};
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
    reply->epoch = (ProtobufCBinaryData){sizeof EPOCH, EPOCH};
    reply->revision = 100;
    registry.twist (reply);
    uint8_t bytes[8192];
    size_t size = consentd__reply__pack (reply, bytes);
    zmq_msg_send (identity, registry.socket, ZMQ_SNDMORE);
    zmq_send (registry.socket, bytes, size, 0);
}

static void answer_batch (const Consentd__Request *request, zmq_msg_t *identity)
{
    struct permit permits[CHECKS];
    Consentd__BatchAnswer answers[CHECKS], *list[CHECKS];
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

static void answer (const Consentd__Request *request, zmq_msg_t *identity)
{
    struct permit permit;
    Consentd__Reply reply;
    if (request->body_case == CONSENTD__REQUEST__BODY_BATCH) {
        answer_batch (request, identity);
        return;
    }
    consentd__reply__init (&reply);
    fill_permit (request->check, &permit);
    reply.body_case = CONSENTD__REPLY__BODY_CHECK;
    reply.check = &permit.check;
    send_twisted (&reply, request, identity);
}

static void hear (zmq_msg_t *identity, const uint8_t *bytes, size_t size)
{
    registry.heard++;
    if (registry.last_size && (registry.last_size != size || memcmp (registry.last, bytes, size)))
        registry.differed = true;
    memcpy (registry.last, bytes, size);
    registry.last_size = size;
    if (registry.ignore) {
        registry.ignore--;
        return;
    }
    Consentd__Request *request = consentd__request__unpack (NULL, size, bytes);
    answer (request, identity);
    consentd__request__free_unpacked (request, NULL);
}

static void *serve (void *unused)
{
    while (!registry.stop) {
        zmq_msg_t identity;
        zmq_msg_init (&identity);
        uint8_t bytes[4096];
        if (zmq_msg_recv (&identity, registry.socket, 0) >= 0) {
            int size = zmq_recv (registry.socket, bytes, sizeof bytes, 0);
            hear (&identity, bytes, (size_t)size);
        }
        zmq_msg_close (&identity);
    }
    return unused;
}

static int start_registry (void **state)
{
    (void)state;
    registry.context = zmq_ctx_new ();
    registry.socket = zmq_socket (registry.context, ZMQ_ROUTER);
    int yes = 1, none = 0, wait = 20;
    zmq_curve_keypair (registry.public_key, registry.secret_key);
    zmq_setsockopt (registry.socket, ZMQ_CURVE_SERVER, &yes, sizeof yes);
    zmq_setsockopt (registry.socket, ZMQ_CURVE_SECRETKEY, registry.secret_key, 41);
    zmq_setsockopt (registry.socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt (registry.socket, ZMQ_RCVTIMEO, &wait, sizeof wait);
    size_t size = sizeof registry.endpoint;
    return zmq_bind (registry.socket, "tcp://127.0.0.1:*") ||
           zmq_getsockopt (registry.socket, ZMQ_LAST_ENDPOINT, registry.endpoint, &size) ||
           pthread_create (&registry.thread, NULL, serve, NULL);
}

static int stop_registry (void **state)
{
    (void)state;
    registry.stop = true;
    pthread_join (registry.thread, NULL);
    zmq_close (registry.socket);
    return zmq_ctx_term (registry.context);
}

/* --------------------------------------------------------------------------------------------- the key file */

static char key_file[PATH_MAX];

static void write_key_file (const char *public_key, const char *secret_key, mode_t mode)
{
    FILE *file = fopen (key_file, "w");
    assert_non_null (file);
    fprintf (file,
             "metadata\n    party = \"kernteam\"\n    requests = \"%s\"\n    server-key = \"%s\"\n"
             "curve\n    public-key = \"%s\"\n",
             registry.endpoint, registry.public_key, public_key);
    if (secret_key)
        fprintf (file, "    secret-key = \"%s\"\n", secret_key);
    assert_int_equal (fclose (file), 0);
    assert_int_equal (chmod (key_file, mode), 0);
}

static int make_key_file (void **state)
{
    (void)state;
    snprintf (key_file, sizeof key_file, "%s/test-consent.XXXXXX", getenv ("TMPDIR") ? getenv ("TMPDIR") : "/tmp");
    int file = mkstemp (key_file);
    return file < 0 ? -1 : close (file);
}

static int remove_key_file (void **state)
{
    (void)state;
    return unlink (key_file);
}

static void assert_refused (const char *why)
{
    char error[512] = "";
    assert_null (consent_open (key_file, error, sizeof error));
    assert_non_null (strstr (error, key_file));
    assert_non_null (strstr (error, why));
}

static void test_what_fails_is_told_in_words (void **state)
{
    (void)state;
    assert_string_equal (primitive_problem (-ENOSPC), "No space left on device");
    assert_string_equal (primitive_problem (-ETERM), "Context was terminated");
    for (int number = 1; number < 200000; number += number < 300 ? 1 : 997)
        assert_null (strstr (primitive_problem (-number), "Unknown error"));
}

static void test_a_key_file_that_others_can_read_is_refused (void **state)
{
    (void)state;
    char public_key[41], secret_key[41], error[512];
    zmq_curve_keypair (public_key, secret_key);
    write_key_file (public_key, secret_key, 0640);
    assert_refused ("chmod 600");
    write_key_file (public_key, secret_key, 0604);
    assert_refused ("chmod 600");
    write_key_file (public_key, secret_key, 0600);
    consent_t *self = consent_open (key_file, error, sizeof error);
    assert_non_null (self);
    assert_string_equal (consent_party (self), "kernteam");
    consent_close (&self);
    assert_null (self);
}

static void test_a_key_file_whose_keys_do_not_belong_together_is_refused (void **state)
{
    (void)state;
    char public_key[41], secret_key[41], other_key[41];
    zmq_curve_keypair (public_key, secret_key);
    zmq_curve_keypair (public_key, other_key);
    write_key_file (public_key, secret_key, 0600);
    assert_refused ("public-key");
    write_key_file (public_key, NULL, 0600);
    assert_refused ("secret-key");
}

static void test_a_key_file_that_is_none_is_refused (void **state)
{
    (void)state;
    assert_refused ("party");
    unlink (key_file);
    assert_refused ("No such file");
    assert_int_equal (mkdir (key_file, 0700), 0);
    assert_refused ("not a regular file");
    assert_int_equal (rmdir (key_file), 0);
    assert_int_equal (make_key_file (NULL), 0);
}

/* ---------------------------------------------------------------------------------------------------- checks */

static int connect_client (void **state)
{
    make_key_file (NULL);
    char public_key[41], secret_key[41], error[512];
    zmq_curve_keypair (public_key, secret_key);
    write_key_file (public_key, secret_key, 0600);
    consent_t *self = consent_open (key_file, error, sizeof error);
    if (!self)
        return -1;
    consent_set_timeout (self, TIMEOUT);
    consent_set_attempts (self, ATTEMPTS);
    registry.twist = honest;
    registry.ignore = registry.heard = 0;
    registry.differed = false;
    registry.last_size = 0;
    *state = self;
    return 0;
}

static int disconnect_client (void **state)
{
    consent_t *self = *state;
    consent_close (&self);
    return unlink (key_file);
}

static const struct consent_item ITEMS[] = {{"naw", "wmo"}, {"budget", NULL}};
static const struct consent_question QUESTION = {
    .bsn = "999900006",
    .provider = "kernteam",
    .recipient = "cak",
    .purpose = "toekenning",
    .items = ITEMS,
    .item_count = 2,
    .user = "medewerker-17",
    .mode = CONSENT_DISCLOSE,
};

/* Asks, with this script, and sees that nothing in the answer permits. */
static void assert_no_permit (consent_t *self, void (*twist) (Consentd__Reply *reply), int status)
{
    registry.twist = twist;
    registry.last_size = 0;
    struct consent_answer *got = consent_check (self, &QUESTION);
    assert_int_equal (got->status, status);
    assert_int_equal (got->verdict, CONSENT_DENY);
    for (size_t i = 0; i < got->item_count; i++)
        assert_int_equal (got->items[i].verdict, CONSENT_DENY);
    assert_string_not_equal (got->message, "");
    consent_answer_destroy (&got);
    assert_null (got);
}

static void assert_permit (consent_t *self)
{
    struct consent_answer *got = consent_check (self, &QUESTION);
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

static void test_a_permit_is_a_permit (void **state)
{
    assert_permit (*state);
    assert_int_equal (registry.heard, 1);
}

static void one_item_less (Consentd__Reply *reply)
{
    reply->check->n_items = 1;
}

static void other_item (Consentd__Reply *reply)
{
    static char other[] = "gezondheid";
    reply->check->items[1]->category = other;
}

static void denied_item (Consentd__Reply *reply)
{
    reply->check->items[1]->verdict = CONSENTD__VERDICT__DENY;
}

static void unknown_verdict (Consentd__Reply *reply)
{
    reply->check->items[0]->verdict = (Consentd__Verdict)9;
}

static void no_ground (Consentd__Reply *reply)
{
    reply->check->items[0]->ground = CONSENTD__GROUND__GROUND_NONE;
}

static void no_body (Consentd__Reply *reply)
{
    reply->body_case = CONSENTD__REPLY__BODY__NOT_SET;
}

static void other_body (Consentd__Reply *reply)
{
    static Consentd__StatusReply status;
    consentd__status_reply__init (&status);
    reply->body_case = CONSENTD__REPLY__BODY_STATUS_REPORT;
    reply->status_report = &status;
}

static void test_an_answer_that_does_not_fit_the_question_or_itself_is_no_permit (void **state)
{
    void (*const twists[]) (Consentd__Reply *) = {one_item_less, other_item, denied_item, unknown_verdict,
                                                  no_ground,     no_body,    other_body};
    for (size_t i = 0; i < sizeof twists / sizeof twists[0]; i++)
        assert_no_permit (*state, twists[i], CONSENT_BAD_REPLY);
    registry.twist = honest;
    registry.last_size = 0;
    assert_permit (*state);
}

static void forbidden (Consentd__Reply *reply)
{
    reply->status = CONSENTD__STATUS__FORBIDDEN; /* and still says PERMIT below */
}

static void unknown_status (Consentd__Reply *reply)
{
    reply->status = (Consentd__Status)77;
}

static void other_version (Consentd__Reply *reply)
{
    reply->version = 2;
}

static void other_key (Consentd__Reply *reply)
{
    reply->idempotency_key = (ProtobufCBinaryData){sizeof ID, ID};
}

static void ended_since (Consentd__Reply *reply)
{
    reply->replayed = reply->revoked_since = true;
}

static void test_a_status_other_than_ok_is_no_permit_whatever_stands_beside_it (void **state)
{
    assert_no_permit (*state, forbidden, CONSENT_FORBIDDEN);
    assert_no_permit (*state, unknown_status, CONSENT_BAD_REPLY);
}

static void test_an_answer_in_another_version_or_to_another_question_is_none (void **state)
{
    assert_no_permit (*state, other_version, CONSENT_BAD_REPLY);
    assert_no_permit (*state, other_key, CONSENT_TIMEOUT);
}

static void test_a_recorded_permit_whose_consent_has_ended_since_is_none (void **state)
{
    assert_no_permit (*state, ended_since, CONSENT_OK);
}

/* Claims. */

static const uint8_t SHA256[32] = "het ondertekende formulier, 32..";
static const char *const ASKING[] = {"ouder-1", "subject", NULL};
static const struct consent_written_request WRITTEN = {ASKING, 1700000000000, "dossier-14", SHA256};
static const struct consent_urgent_reasons URGENT = {
    .reason = "vitaal-belang",
    .necessity = "a",
    .subsidiarity = "b",
    .proportionality = "c",
    .purpose_limitation = "d",
    .objections = "j",
    .manager_consulted = "manager-3",
    .serious_situation = true,
    .urgent_support = true,
    .inform = CONSENT_INFORM_AFTER,
    .inform_by = 1800000000000,
    .inform_why = "e",
    .consent_sought = "f",
    .no_other_way = "g",
    .serious_harm = "h",
    .conflict_of_duties = "i",
};

static void on_written_request (Consentd__Reply *reply)
{
    for (size_t i = 0; i < reply->check->n_items; i++)
        reply->check->items[i]->ground = CONSENTD__GROUND__WRITTEN_REQUEST;
}

static void on_urgent_reasons (Consentd__Reply *reply)
{
    static char reason[] = "vitaal-belang";
    for (size_t i = 0; i < reply->check->n_items; i++) {
        reply->check->items[i]->ground = CONSENTD__GROUND__URGENT_REASONS;
        reply->check->items[i]->urgent_reason = reason;
    }
}

static void on_another_reason (Consentd__Reply *reply)
{
    static char reason[] = "bemoeizorg";
    on_urgent_reasons (reply);
    reply->check->items[1]->urgent_reason = reason;
}

/* What the registry heard of a question; the caller frees it. */
static Consentd__Request *heard_request (void)
{
    Consentd__Request *request = consentd__request__unpack (NULL, registry.last_size, registry.last);
    assert_non_null (request);
    assert_int_equal (request->body_case, CONSENTD__REQUEST__BODY_CHECK);
    return request;
}

static struct consent_answer *ask_with (consent_t *self, void (*twist) (Consentd__Reply *reply),
                                        const struct consent_question *question)
{
    registry.twist = twist;
    registry.last_size = 0;
    return consent_check (self, question);
}

static void with_duties (Consentd__Reply *reply)
{
    static Consentd__Duty duties[2];
    static Consentd__Duty *list[] = {&duties[0], &duties[1]};
    static Consentd__Obligation obligations[] = {CONSENTD__OBLIGATION__KEEP_SECRET,
                                                 CONSENTD__OBLIGATION__INFORM_SUBJECT,
                                                 CONSENTD__OBLIGATION__RECORD_IN_PLAN};
    for (size_t i = 0; i < 2; i++) {
        consentd__duty__init (&duties[i]);
        duties[i].kind = obligations[i + 1];
        duties[i].due = 1800000000000 + (int64_t)i;
    }
    duties[0].deferrable = true;
    duties[1].done_at = 1700000000000;
    static char manager[] = "manager_consulted", *asked[] = {manager};
    reply->check->n_asked = 1;
    reply->check->asked = asked;
    reply->check->items[0]->against_will = true;
    reply->check->n_obligations = 3;
    reply->check->obligations = obligations;
    reply->check->n_duties = 2;
    reply->check->duties = list;
}

static void test_what_is_to_be_reported_done_comes_with_its_date (void **state)
{
    struct consent_answer *got = ask_with (*state, with_duties, &QUESTION);
    assert_int_equal (got->verdict, CONSENT_PERMIT);
    assert_string_equal (got->obligations[1], "INFORM_SUBJECT");
    assert_int_equal (got->duty_count, 2);
    assert_string_equal (got->duties[0].kind, "INFORM_SUBJECT");
    assert_int_equal (got->duties[0].due, 1800000000000);
    assert_true (got->duties[0].deferrable);
    assert_false (got->duties[0].done);
    assert_string_equal (got->duties[1].kind, "RECORD_IN_PLAN");
    assert_false (got->duties[1].deferrable);
    assert_true (got->duties[1].done);
    assert_string_equal (got->asked[0], "manager_consulted");
    assert_null (got->asked[1]);
    assert_true (got->items[0].against_will);
    consent_answer_destroy (&got);
}

static void test_a_written_request_is_claimed_as_it_was_given (void **state)
{
    struct consent_question question = QUESTION;
    question.written_request = &WRITTEN;
    struct consent_answer *got = ask_with (*state, on_written_request, &question);
    assert_int_equal (got->status, CONSENT_OK);
    assert_int_equal (got->verdict, CONSENT_PERMIT);
    assert_int_equal (got->items[0].ground, CONSENT_GROUND_WRITTEN_REQUEST);
    assert_string_equal (got->items[0].urgent_reason, "");
    consent_answer_destroy (&got);
    Consentd__Request *heard = heard_request ();
    assert_null (heard->check->urgent_reasons);
    assert_int_equal (heard->check->written_request->n_by, 2);
    assert_string_equal (heard->check->written_request->by[0], "ouder-1");
    assert_string_equal (heard->check->written_request->by[1], "subject");
    assert_int_equal (heard->check->written_request->given_at, 1700000000000);
    assert_string_equal (heard->check->written_request->evidence->reference, "dossier-14");
    assert_int_equal (heard->check->written_request->evidence->sha256.len, 32);
    assert_memory_equal (heard->check->written_request->evidence->sha256.data, SHA256, 32);
    consentd__request__free_unpacked (heard, NULL);
    /* What was left out is the registry's to refuse. */
    question.written_request = &(const struct consent_written_request){.by = NULL};
    got = ask_with (*state, on_written_request, &question);
    consent_answer_destroy (&got);
    heard = heard_request ();
    assert_int_equal (heard->check->written_request->n_by, 0);
    assert_int_equal (heard->check->written_request->evidence->sha256.len, 0);
    consentd__request__free_unpacked (heard, NULL);
}

static void test_the_manager_and_secrecy_are_said_as_they_were_given (void **state)
{
    struct consent_question question = QUESTION;
    question.manager_consulted = "chef-3";
    question.under_secrecy = true;
    struct consent_answer *got = ask_with (*state, honest, &question);
    assert_null (got->asked[0]);
    consent_answer_destroy (&got);
    Consentd__Request *heard = heard_request ();
    assert_string_equal (heard->check->manager_consulted, "chef-3");
    assert_string_equal (heard->check->no_manager, "");
    assert_true (heard->check->under_secrecy);
    consentd__request__free_unpacked (heard, NULL);
    question = QUESTION;
    question.no_manager = "niemand was bereikbaar";
    got = ask_with (*state, honest, &question);
    consent_answer_destroy (&got);
    heard = heard_request ();
    assert_string_equal (heard->check->no_manager, "niemand was bereikbaar");
    assert_false (heard->check->under_secrecy);
    consentd__request__free_unpacked (heard, NULL);
}

static void test_urgent_reasons_are_claimed_as_they_were_given (void **state)
{
    struct consent_question question = QUESTION;
    question.urgent_reasons = &URGENT;
    struct consent_answer *got = ask_with (*state, on_urgent_reasons, &question);
    assert_int_equal (got->status, CONSENT_OK);
    assert_int_equal (got->verdict, CONSENT_PERMIT);
    assert_int_equal (got->items[1].ground, CONSENT_GROUND_URGENT_REASONS);
    assert_string_equal (got->items[1].urgent_reason, "vitaal-belang");
    consent_answer_destroy (&got);
    Consentd__Request *heard = heard_request ();
    assert_null (heard->check->written_request);
    assert_string_equal (heard->check->urgent_reasons->reason, "vitaal-belang");
    const Consentd__Triage *triage = heard->check->urgent_reasons->triage;
    assert_string_equal (triage->necessity, "a");
    assert_string_equal (triage->subsidiarity, "b");
    assert_string_equal (triage->proportionality, "c");
    assert_string_equal (triage->purpose_limitation, "d");
    assert_string_equal (triage->manager_consulted, "manager-3");
    assert_true (triage->serious_situation);
    assert_true (triage->urgent_support);
    assert_int_equal (triage->inform, CONSENTD__INFORM__AFTER);
    assert_int_equal (triage->inform_by, 1800000000000);
    assert_string_equal (triage->inform_why, "e");
    assert_string_equal (triage->consent_sought, "f");
    assert_string_equal (triage->no_other_way, "g");
    assert_string_equal (triage->serious_harm, "h");
    assert_string_equal (triage->conflict_of_duties, "i");
    consentd__request__free_unpacked (heard, NULL);
    struct consent_urgent_reasons little = {.reason = "vitaal-belang", .inform = CONSENT_INFORM_BEFORE};
    question.urgent_reasons = &little;
    for (int said = 0; said < 2; said++) {
        got = ask_with (*state, on_urgent_reasons, &question);
        consent_answer_destroy (&got);
        heard = heard_request ();
        assert_string_equal (heard->check->urgent_reasons->triage->necessity, "");
        assert_false (heard->check->urgent_reasons->triage->serious_situation);
        assert_int_equal (heard->check->urgent_reasons->triage->inform,
                          said == 0 ? CONSENTD__INFORM__BEFORE : CONSENTD__INFORM__INFORM_UNSPECIFIED);
        consentd__request__free_unpacked (heard, NULL);
        little.inform = 0;
    }
}

static void test_a_permit_on_what_was_not_claimed_is_none (void **state)
{
    assert_no_permit (*state, on_written_request, CONSENT_BAD_REPLY);
    assert_no_permit (*state, on_urgent_reasons, CONSENT_BAD_REPLY);
    struct consent_question question = QUESTION;
    question.urgent_reasons = &URGENT;
    struct consent_answer *got = ask_with (*state, on_another_reason, &question);
    assert_int_equal (got->status, CONSENT_BAD_REPLY);
    consent_answer_destroy (&got);
    got = ask_with (*state, on_written_request, &question);
    assert_int_equal (got->status, CONSENT_BAD_REPLY);
    consent_answer_destroy (&got);
    got = ask_with (*state, honest, &question);
    assert_int_equal (got->verdict, CONSENT_PERMIT);
    consent_answer_destroy (&got);
}

static void denied_with_details (Consentd__Reply *reply)
{
    static char *lacking[] = {"necessity", "inform_by"};
    static Consentd__Reason reasons[3];
    static Consentd__Reason *list[] = {&reasons[0], &reasons[1], &reasons[2]};
    for (size_t i = 0; i < 3; i++) {
        consentd__reason__init (&reasons[i]);
        reasons[i].code = CONSENTD__CODE__NO_CONSENT;
    }
    reasons[1].code = CONSENTD__CODE__TRIAGE_INCOMPLETE;
    reasons[1].details = lacking;
    reasons[1].n_details = 2;
    for (size_t i = 0; i < 2; i++) {
        reply->check->items[i]->verdict = CONSENTD__VERDICT__DENY;
        reply->check->items[i]->reasons = list;
        reply->check->items[i]->n_reasons = 3;
    }
    reply->check->verdict = CONSENTD__VERDICT__DENY;
}

static void test_what_is_missing_is_told_with_the_reason (void **state)
{
    struct consent_answer *got = ask_with (*state, denied_with_details, &QUESTION);
    assert_int_equal (got->status, CONSENT_OK);
    for (size_t i = 0; i < 2; i++) {
        const struct consent_reason *reasons = got->items[i].reasons;
        assert_int_equal (got->items[i].reason_count, 3);
        assert_null (reasons[0].details[0]);
        assert_string_equal (reasons[1].code, "TRIAGE_INCOMPLETE");
        assert_string_equal (reasons[1].details[0], "necessity");
        assert_string_equal (reasons[1].details[1], "inform_by");
        assert_null (reasons[1].details[2]);
        assert_null (reasons[2].details[0]);
    }
    consent_answer_destroy (&got);
}

static void test_silence_is_no_permit (void **state)
{
    registry.ignore = ATTEMPTS;
    assert_no_permit (*state, honest, CONSENT_TIMEOUT);
    assert_int_equal (registry.heard, ATTEMPTS);
}

static void test_a_lost_request_is_sent_again_with_the_same_bytes (void **state)
{
    registry.ignore = ATTEMPTS - 1;
    assert_permit (*state);
    assert_int_equal (registry.heard, ATTEMPTS);
    assert_false (registry.differed);
}

static void unavailable (Consentd__Reply *reply)
{
    reply->status = CONSENTD__STATUS__UNAVAILABLE;
}

static void test_a_registry_that_cannot_now_is_asked_again_and_then_believed (void **state)
{
    assert_no_permit (*state, unavailable, CONSENT_UNAVAILABLE);
    assert_int_equal (registry.heard, ATTEMPTS);
    assert_false (registry.differed);
}

enum { WAIT = 60 }; /* ms */

static atomic_int put_off; /* so many requests are told to come back */

static void too_many (Consentd__Reply *reply)
{
    if (put_off > 0) {
        put_off--;
        reply->status = CONSENTD__STATUS__UNAVAILABLE;
        reply->retry_after_ms = WAIT;
        reply->body_case = CONSENTD__REPLY__BODY__NOT_SET;
    }
}

static int64_t milliseconds (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void test_who_is_told_to_come_back_later_does_and_no_attempt_was_in_vain (void **state)
{
    int64_t begun = milliseconds ();
    put_off = ATTEMPTS + 4;
    struct consent_answer *got = ask_with (*state, too_many, &QUESTION);
    assert_int_equal (got->verdict, CONSENT_PERMIT);
    consent_answer_destroy (&got);
    assert_int_equal (registry.heard, ATTEMPTS + 5);
    assert_false (registry.differed);
    assert_true (milliseconds () - begun >= (ATTEMPTS + 4) * WAIT);
}

static void test_who_would_be_told_too_late_is_told_now_and_does_not_ask_again (void **state)
{
    consent_set_patience (*state, WAIT + WAIT / 2);
    put_off = ATTEMPTS + 4;
    assert_no_permit (*state, too_many, CONSENT_UNAVAILABLE);
    assert_int_equal (registry.heard, 2);
    consent_set_patience (*state, 0);
    registry.heard = 0;
    assert_no_permit (*state, too_many, CONSENT_UNAVAILABLE);
    assert_int_equal (registry.heard, 1);
}

static void test_an_answer_from_before_the_required_revision_is_none (void **state)
{
    consent_t *self = *state;
    char epoch[CONSENT_ID_SIZE];
    uint64_t revision;
    assert_permit (self);
    consent_revision (self, epoch, &revision);
    assert_int_equal (revision, 100);
    assert_int_equal (consent_require_revision (self, epoch, 101), CONSENT_OK);
    assert_no_permit (self, honest, CONSENT_BAD_REPLY);
    assert_int_equal (consent_require_revision (self, epoch, 100), CONSENT_OK);
    assert_permit (self);
    assert_int_equal (consent_require_revision (self, "no epoch", 1), CONSENT_INVALID);
}

static void test_every_question_in_a_pipeline_has_one_answer_though_some_are_lost (void **state)
{
    consent_t *self = *state;
    bool answered[CONSENT_OUTSTANDING_MAX + 1] = {false};
    uint64_t ticket;
    registry.ignore = 10;
    for (uint64_t i = 1; i <= CONSENT_OUTSTANDING_MAX; i++) {
        assert_int_equal (consent_ask (self, &QUESTION, &ticket), CONSENT_OK);
        assert_int_equal (ticket, i);
    }
    assert_int_equal (consent_ask (self, &QUESTION, &ticket), CONSENT_BUSY);
    struct consent_answer *got;
    size_t count = 0;
    while ((got = consent_next_answer (self))) {
        assert_int_equal (got->verdict, CONSENT_PERMIT);
        assert_in_range (got->ticket, 1, CONSENT_OUTSTANDING_MAX);
        assert_false (answered[got->ticket]);
        answered[got->ticket] = true;
        count++;
        consent_answer_destroy (&got);
    }
    assert_int_equal (count, CONSENT_OUTSTANDING_MAX);
}

static void test_a_question_too_large_for_a_message_is_not_sent (void **state)
{
    static struct consent_item items[40000];
    struct consent_question question = QUESTION;
    question.items = items;
    question.item_count = 40000;
    struct consent_answer *got = consent_check (*state, &question);
    assert_int_equal (got->status, CONSENT_INVALID);
    assert_int_equal (got->verdict, CONSENT_DENY);
    consent_answer_destroy (&got);
    assert_int_equal (registry.heard, 0);
}

/* Asks four questions at once with this script; `permits` says of each whether its answer is a permit. */
static void assert_batch (consent_t *self, void (*twist) (Consentd__Reply *reply), int status, const char *permits)
{
    struct consent_question questions[CHECKS] = {QUESTION, QUESTION, QUESTION, QUESTION};
    struct consent_answer *answers[CHECKS];
    registry.twist = twist;
    registry.last_size = 0;
    assert_int_equal (consent_check_batch (self, questions, CHECKS, answers), status);
    for (size_t i = 0; i < CHECKS; i++) {
        bool permit = permits[i] == 'p';
        assert_non_null (answers[i]);
        assert_int_equal (answers[i]->verdict, permit ? CONSENT_PERMIT : CONSENT_DENY);
        assert_int_equal (answers[i]->item_count == 2 && answers[i]->items[1].verdict == CONSENT_PERMIT, permit);
        if (permit) {
            assert_int_equal (answers[i]->status, CONSENT_OK);
            assert_int_equal (answers[i]->revision, 100);
            assert_int_equal (strlen (answers[i]->epoch), 32);
            assert_string_equal (answers[i]->items[0].category, "naw");
        } else {
            assert_string_not_equal (answers[i]->message, "");
        }
    }
    for (size_t i = 0; i < CHECKS; i++)
        consent_answer_destroy (&answers[(i * 3) % CHECKS]);
}

static void test_every_question_of_a_batch_has_its_own_answer (void **state)
{
    assert_batch (*state, honest, CONSENT_OK, "pppp");
    assert_int_equal (registry.heard, 1);
}

static void twist_some (Consentd__Reply *reply)
{
    Consentd__BatchAnswer **answers = reply->batch->answers;
    answers[0]->status = CONSENTD__STATUS__INVALID;
    answers[0]->field = "batch.checks[0].purpose";
    answers[2]->replayed = answers[2]->revoked_since = true;
    answers[3]->check->items[1]->category = "iets anders";
}

static void twist_others (Consentd__Reply *reply)
{
    Consentd__BatchAnswer **answers = reply->batch->answers;
    answers[1]->check = NULL;
    answers[2]->status = 99;
    answers[3]->check->n_items = 1;
}

static void test_one_answer_of_a_batch_that_does_not_fit_says_nothing_of_the_others (void **state)
{
    assert_batch (*state, twist_some, CONSENT_OK, "-p--");
    assert_batch (*state, twist_others, CONSENT_OK, "p---");
}

static void one_answer_less (Consentd__Reply *reply)
{
    reply->batch->n_answers--;
}

static void no_epoch (Consentd__Reply *reply)
{
    reply->epoch.len = 0;
}

static void test_a_batch_that_is_not_answered_as_a_whole_permits_nothing (void **state)
{
    assert_batch (*state, one_answer_less, CONSENT_BAD_REPLY, "----");
    assert_batch (*state, no_epoch, CONSENT_BAD_REPLY, "----");
    assert_batch (*state, no_body, CONSENT_BAD_REPLY, "----");
    assert_batch (*state, forbidden, CONSENT_FORBIDDEN, "----");
    assert_batch (*state, unavailable, CONSENT_UNAVAILABLE, "----");
    registry.ignore = ATTEMPTS;
    assert_batch (*state, honest, CONSENT_TIMEOUT, "----");
    registry.ignore = ATTEMPTS - 1;
    assert_batch (*state, honest, CONSENT_OK, "pppp");
}

static void late (Consentd__Reply *reply)
{
    reply->revision = 101;
    reply->batch->answers[1]->revision = 101;
    reply->batch->answers[2]->replayed = true;
    reply->batch->answers[3]->revision = 102;
}

static void test_an_answer_of_a_batch_from_before_the_required_revision_is_none (void **state)
{
    consent_t *self = *state;
    char epoch[CONSENT_ID_SIZE];
    assert_permit (self);
    consent_revision (self, epoch, NULL);
    assert_int_equal (consent_require_revision (self, epoch, 101), CONSENT_OK);
    struct consent_question questions[CHECKS] = {QUESTION, QUESTION, QUESTION, QUESTION};
    struct consent_answer *answers[CHECKS];
    registry.twist = late;
    registry.last_size = 0;
    assert_int_equal (consent_check_batch (self, questions, CHECKS, answers), CONSENT_OK);
    for (size_t i = 0; i < CHECKS; i++) {
        assert_int_equal (answers[i]->verdict, i == 0 ? CONSENT_DENY : CONSENT_PERMIT);
        consent_answer_destroy (&answers[i]);
    }
}

static void test_a_batch_that_is_empty_or_too_large_is_not_sent (void **state)
{
    enum { MANY = CONSENT_BATCH_MAX + 1 };
    static struct consent_item items[MANY];
    static struct consent_question questions[MANY];
    static struct consent_answer *answers[MANY];
    for (size_t i = 0; i < MANY; i++) {
        questions[i] = QUESTION;
        questions[i].items = items;
        questions[i].item_count = MANY;
    }
    assert_int_equal (consent_check_batch (*state, questions, 0, answers), CONSENT_INVALID);
    assert_int_equal (consent_check_batch (*state, questions, MANY, answers), CONSENT_INVALID);
    for (size_t i = 0; i < MANY; i++)
        consent_answer_destroy (&answers[i]);
    assert_int_equal (consent_check_batch (*state, questions, MANY - 1, answers), CONSENT_INVALID);
    for (size_t i = 0; i < MANY - 1; i++) {
        assert_int_equal (answers[i]->status, CONSENT_INVALID);
        consent_answer_destroy (&answers[i]);
    }
    assert_int_equal (registry.heard, 0);
}

static void test_a_revocation_that_is_not_confirmed_is_not_taken_for_one (void **state)
{
    consent_t *self = *state;
    struct consent_revocation revocation = {.consent_id = "not an id", .withdrawn_by = "subject", .user = "u"};
    struct consent_revoked *revoked;
    assert_int_equal (consent_revoke (self, &revocation, &revoked), CONSENT_INVALID);
    assert_null (revoked);
}

int main (void)
{
#define KEY_TEST(name) cmocka_unit_test_setup_teardown (name, make_key_file, remove_key_file)
#define TEST(name) cmocka_unit_test_setup_teardown (name, connect_client, disconnect_client)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_what_fails_is_told_in_words),
        KEY_TEST (test_a_key_file_that_others_can_read_is_refused),
        KEY_TEST (test_a_key_file_whose_keys_do_not_belong_together_is_refused),
        KEY_TEST (test_a_key_file_that_is_none_is_refused),
        TEST (test_a_permit_is_a_permit),
        TEST (test_an_answer_that_does_not_fit_the_question_or_itself_is_no_permit),
        TEST (test_a_status_other_than_ok_is_no_permit_whatever_stands_beside_it),
        TEST (test_an_answer_in_another_version_or_to_another_question_is_none),
        TEST (test_a_recorded_permit_whose_consent_has_ended_since_is_none),
        TEST (test_a_written_request_is_claimed_as_it_was_given),
        TEST (test_the_manager_and_secrecy_are_said_as_they_were_given),
        TEST (test_urgent_reasons_are_claimed_as_they_were_given),
        TEST (test_a_permit_on_what_was_not_claimed_is_none),
        TEST (test_what_is_missing_is_told_with_the_reason),
        TEST (test_silence_is_no_permit),
        TEST (test_a_lost_request_is_sent_again_with_the_same_bytes),
        TEST (test_a_registry_that_cannot_now_is_asked_again_and_then_believed),
        TEST (test_who_is_told_to_come_back_later_does_and_no_attempt_was_in_vain),
        TEST (test_who_would_be_told_too_late_is_told_now_and_does_not_ask_again),
        TEST (test_what_is_to_be_reported_done_comes_with_its_date),
        TEST (test_an_answer_from_before_the_required_revision_is_none),
        TEST (test_every_question_in_a_pipeline_has_one_answer_though_some_are_lost),
        TEST (test_a_question_too_large_for_a_message_is_not_sent),
        TEST (test_every_question_of_a_batch_has_its_own_answer),
        TEST (test_one_answer_of_a_batch_that_does_not_fit_says_nothing_of_the_others),
        TEST (test_a_batch_that_is_not_answered_as_a_whole_permits_nothing),
        TEST (test_an_answer_of_a_batch_from_before_the_required_revision_is_none),
        TEST (test_a_batch_that_is_empty_or_too_large_is_not_sent),
        TEST (test_a_revocation_that_is_not_confirmed_is_not_taken_for_one),
    };
    return cmocka_run_group_tests (tests, start_registry, stop_registry);
}
