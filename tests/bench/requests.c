#include "requests.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "text/burgerservicenummer.h"
#include "unconst.h"

enum {
    TEST_FIRST = 999900006, /* the range of test BSNs */
    TEST_LAST = 999999990,
    NEVER_FIRST = 1, /* nine digits that begin with 00 */
    NEVER_LAST = 9999999,
};

static const char *const categories[BENCH_ITEMS] = {"naw", "bsn", "geboortedatum", "toewijzing", "periode"};

char (*bench_bsns)[10];

/* Adds the numbers of a range that pass the 11-test, until there are `count`. */
static void add_bsns (int first, int last, size_t count, size_t *have)
{
    for (int number = first; number <= last && *have < count; number++) {
        char text[10];
        snprintf (text, sizeof text, "%09d", number);
        if (bsn_is_valid (text))
            memcpy (bench_bsns[(*have)++], text, sizeof text);
    }
}

void bench_list_bsns (size_t count)
{
    size_t have = 0;
    bench_bsns = calloc (count, sizeof *bench_bsns);
    if (bench_bsns == NULL)
        bench_fail ("out of memory");
    add_bsns (TEST_FIRST, TEST_LAST, count, &have);
    add_bsns (NEVER_FIRST, NEVER_LAST, count, &have);
    if (have < count)
        bench_fail ("there are not so many numbers that stand for nobody");
}

/* Steps of a prime go through all of them, unless their count is a multiple of it. */
size_t bench_person (struct people people, size_t number)
{
    size_t step = people.count % 7919 != 0 ? 7919 : 7927;
    return people.first + number % people.count * step % people.count;
}

char *bench_text (const char *value)
{
    return unconst_text (value);
}

static uint64_t newest_key;

uint64_t bench_newest_key (void)
{
    return newest_key;
}

void bench_new_key (Consentd__Request *request, uint8_t key[BENCH_KEY_SIZE])
{
    static uint64_t run;
    if (run == 0)
        run = (uint64_t)bench_now_us () | 1;
    newest_key++;
    memcpy (key, &run, 8);
    memcpy (key + 8, &newest_key, 8);
    request->version = 1;
    request->idempotency_key = (ProtobufCBinaryData){BENCH_KEY_SIZE, key};
}

size_t bench_pack (const Consentd__Request *request, uint8_t *message)
{
    size_t size = consentd__request__get_packed_size (request);
    assert (size <= BENCH_MESSAGE_LIMIT);
    return consentd__request__pack (request, message);
}

Consentd__Reply *bench_ask (zsock_t *socket, const uint8_t *message, size_t size)
{
    if (zmq_send (zsock_resolve (socket), message, size, 0) < 0)
        bench_fail ("cannot send");
    zframe_t *frame = zframe_recv (socket);
    Consentd__Reply *reply =
        frame != NULL ? consentd__reply__unpack (NULL, zframe_size (frame), zframe_data (frame)) : NULL;
    if (reply == NULL)
        bench_fail ("no answer");
    zframe_destroy (&frame);
    return reply;
}

/* The purposes differ, so that not all consents serve the check. */
static void fill_scope (Consentd__Scope *scope, bool serves)
{
    static const char *const others[BENCH_ITEMS] = {"naw", "bsn", "geboortedatum", "geslacht", "telefoon"};
    static char *provider, *recipient;
    provider = bench_text ("kernteam");
    recipient = bench_text ("zorgaanbieder-horizon");
    consentd__scope__init (scope);
    scope->n_providers = scope->n_recipients = 1;
    scope->providers = &provider;
    scope->recipients = &recipient;
    scope->n_categories = BENCH_ITEMS;
    scope->categories = unconst_list (serves ? categories : others);
    scope->purpose = bench_text (serves ? "toekenning" : "registratie-hulpvraag");
}

void bench_fill_grant (Consentd__GrantRequest *grant)
{
    static Consentd__Evidence evidence;
    static Consentd__Notice notice;
    static Consentd__Signature signature, *signatures[1] = {&signature};
    static uint8_t hash[32] = {1};
    int64_t now = zclock_time ();
    consentd__grant_request__init (grant);
    consentd__evidence__init (&evidence);
    consentd__notice__init (&notice);
    consentd__signature__init (&signature);
    evidence.reference = bench_text ("formulier-1");
    evidence.sha256 = (ProtobufCBinaryData){sizeof hash, hash};
    notice.id = bench_text ("folder");
    notice.version = bench_text ("1");
    notice.language = bench_text ("nl");
    notice.given_at = signature.given_at = now - 1000;
    signature.signer = bench_text ("subject");
    grant->motivation = bench_text ("hulp bij het huishouden");
    grant->form = CONSENTD__FORM__WRITTEN;
    grant->evidence = &evidence;
    grant->notice = &notice;
    grant->n_signatures = 1;
    grant->signatures = signatures;
    grant->valid_until = now + INT64_C (180) * 24 * 3600 * 1000;
    grant->user = bench_text ("bench");
}

size_t bench_make_grant (struct people people, size_t number, uint8_t *message)
{
    Consentd__Request request;
    consentd__request__init (&request);
    Consentd__GrantRequest grant;
    Consentd__Scope scope;
    bool serves = number < people.count;
    char case_ref[32];
    uint8_t key[BENCH_KEY_SIZE];
    bench_new_key (&request, key);
    bench_fill_grant (&grant);
    fill_scope (&scope, serves);
    snprintf (case_ref, sizeof case_ref, "zaak-%zu", number);
    scope.case_ref = serves ? bench_text ("") : case_ref;
    grant.bsn = bench_bsns[people.first + number % people.count];
    grant.scope = &scope;
    request.body_case = CONSENTD__REQUEST__BODY_GRANT;
    request.grant = &grant;
    return bench_pack (&request, message);
}

size_t bench_make_subject (struct people people, size_t number, uint8_t *message)
{
    Consentd__Request request;
    consentd__request__init (&request);
    Consentd__SubjectSetRequest subject;
    consentd__subject_set_request__init (&subject);
    uint8_t key[BENCH_KEY_SIZE];
    bench_new_key (&request, key);
    subject.bsn = bench_bsns[people.first + number];
    subject.birth_date = bench_text ("1967-08-13");
    subject.user = bench_text ("bench");
    request.body_case = CONSENTD__REQUEST__BODY_SUBJECT_SET;
    request.subject_set = &subject;
    return bench_pack (&request, message);
}

/* What is asked is the same of everybody. */
static void fill_check (Consentd__CheckRequest *check, const char *bsn, Consentd__Mode mode)
{
    static Consentd__Item items[BENCH_ITEMS], *list[BENCH_ITEMS];
    for (int i = 0; i < BENCH_ITEMS; i++) {
        consentd__item__init (&items[i]);
        items[i].category = bench_text (categories[i]);
        items[i].origin = bench_text ("wmo");
        list[i] = &items[i];
    }
    consentd__check_request__init (check);
    check->bsn = bench_text (bsn);
    check->provider = bench_text ("kernteam");
    check->recipient = bench_text ("zorgaanbieder-horizon");
    check->purpose = bench_text ("toekenning");
    check->n_items = BENCH_ITEMS;
    check->items = list;
    check->user = bench_text ("u-1042");
    check->mode = mode;
}

static size_t make_check (const char *bsn, Consentd__Mode mode, uint8_t *message)
{
    Consentd__Request request;
    consentd__request__init (&request);
    Consentd__CheckRequest check;
    uint8_t key[BENCH_KEY_SIZE];
    bench_new_key (&request, key);
    fill_check (&check, bsn, mode);
    request.body_case = CONSENTD__REQUEST__BODY_CHECK;
    request.check = &check;
    return bench_pack (&request, message);
}

size_t bench_make_check (struct people people, size_t number, uint8_t *message)
{
    return make_check (bench_bsns[bench_person (people, number)], CONSENTD__MODE__DISCLOSE, message);
}

size_t bench_make_advice (struct people people, size_t number, uint8_t *message)
{
    return make_check (bench_bsns[bench_person (people, number)], CONSENTD__MODE__ADVISE, message);
}

size_t bench_make_batch (struct people people, size_t number, uint8_t *message)
{
    static Consentd__CheckRequest checks[BENCH_BATCH], *list[BENCH_BATCH];
    Consentd__Request request;
    consentd__request__init (&request);
    Consentd__BatchRequest batch;
    consentd__batch_request__init (&batch);
    uint8_t key[BENCH_KEY_SIZE];
    bench_new_key (&request, key);
    for (size_t i = 0; i < BENCH_BATCH; i++) {
        fill_check (&checks[i], bench_bsns[bench_person (people, number * BENCH_BATCH + i)],
                    CONSENTD__MODE__DISCLOSE);
        list[i] = &checks[i];
    }
    batch.n_checks = BENCH_BATCH;
    batch.checks = list;
    request.body_case = CONSENTD__REQUEST__BODY_BATCH;
    request.batch = &batch;
    return bench_pack (&request, message);
}

size_t bench_make_whoami (struct people people, size_t number, uint8_t *message)
{
    (void)people, (void)number;
    Consentd__Request request;
    consentd__request__init (&request);
    Consentd__Whoami whoami;
    consentd__whoami__init (&whoami);
    uint8_t key[BENCH_KEY_SIZE];
    bench_new_key (&request, key);
    request.body_case = CONSENTD__REQUEST__BODY_WHOAMI;
    request.whoami = &whoami;
    return bench_pack (&request, message);
}

size_t bench_make_status (struct people people, size_t number, uint8_t *message)
{
    (void)people, (void)number;
    Consentd__Request request;
    consentd__request__init (&request);
    Consentd__StatusRequest status;
    consentd__status_request__init (&status);
    uint8_t key[BENCH_KEY_SIZE];
    bench_new_key (&request, key);
    request.body_case = CONSENTD__REQUEST__BODY_STATUS;
    request.status = &status;
    return bench_pack (&request, message);
}
