#include "client.h"
#include <assert.h>
#include <signal.h>
#include <sys/wait.h>
#include "text/burgerservicenummer.h"
#include "unconst.h"

enum {
    BSN_FIRST = 999900006, /* the range of test BSNs */
    BSN_LAST = 999999990,
};

static const char *const categories[BENCH_ITEMS] = {"naw", "bsn", "geboortedatum", "toewijzing", "periode"};
static const char *const origins[1] = {"wmo"};

int64_t bench_now_us (void)
{
    return zclock_usecs ();
}

void bench_fail (const char *what)
{
    fprintf (stderr, "bench: %s\n", what);
    exit (1);
}

/* The test BSNs that pass the 11-test. */
char (*bench_bsns)[10];
size_t bench_bsn_count;

void bench_list_bsns (void)
{
    bench_bsns = calloc (BSN_LAST - BSN_FIRST + 1, sizeof *bench_bsns);
    for (int number = BSN_FIRST; number <= BSN_LAST; number++) {
        char bench_text[10];
        snprintf (bench_text, sizeof bench_text, "%09d", number);
        if (bsn_is_valid (bench_text))
            memcpy (bench_bsns[bench_bsn_count++], bench_text, sizeof bench_text);
    }
}

/* A client: a DEALER with a party's key. */
zsock_t *bench_connect (const char *key_file, const char *endpoint_name)
{
    zcert_t *cert = zcert_load (key_file);
    if (cert == NULL)
        bench_fail ("cannot read a key file");
    zsock_t *socket = zsock_new (ZMQ_DEALER);
    zsock_set_linger (socket, 0);
    zsock_set_sndhwm (socket, 10000);
    zsock_set_rcvhwm (socket, 10000);
    zcert_apply (cert, socket);
    zsock_set_curve_serverkey (socket, zcert_meta (cert, "server-key"));
    if (zsock_connect (socket, "%s", zcert_meta (cert, endpoint_name)) != 0)
        bench_fail ("cannot connect");
    zcert_destroy (&cert);
    return socket;
}

pid_t bench_start_daemon (const char *consentd, const char *instance)
{
    char config[512];
    snprintf (config, sizeof config, "%s/consentd.conf", instance);
    pid_t child = fork ();
    if (child == 0) {
        execl (consentd, consentd, config, (char *)NULL);
        _exit (127);
    }
    return child;
}

void bench_stop (pid_t child)
{
    kill (child, SIGTERM);
    waitpid (child, NULL, 0);
}

char *bench_text (const char *value)
{
    return unconst_text (value);
}

void bench_new_key (Consentd__Request *request, uint8_t key[16])
{
    static uint64_t counter;
    static uint64_t run;
    if (run == 0)
        run = (uint64_t)bench_now_us () | 1;
    counter++;
    memcpy (key, &run, 8);
    memcpy (key + 8, &counter, 8);
    request->version = 1;
    request->idempotency_key = (ProtobufCBinaryData){16, key};
}

size_t bench_pack (const Consentd__Request *request, uint8_t *message)
{
    size_t size = consentd__request__get_packed_size (request);
    assert (size <= BENCH_MESSAGE_LIMIT);
    return consentd__request__pack (request, message);
}

/* A consent of one subject for one purpose; the purposes differ so that not all serve the check. */
size_t bench_make_grant (size_t number, uint8_t *message)
{
    static const char *const purposes[] = {"toekenning", "registratie-hulpvraag"};
    static const char *const carried[] = {"naw", "bsn", "geboortedatum", "geslacht", "telefoon"};
    Consentd__Request request;
    consentd__request__init (&request);
    Consentd__GrantRequest grant;
    consentd__grant_request__init (&grant);
    Consentd__Scope scope;
    consentd__scope__init (&scope);
    Consentd__Evidence evidence;
    consentd__evidence__init (&evidence);
    Consentd__Notice notice;
    consentd__notice__init (&notice);
    Consentd__Signature signature;
    consentd__signature__init (&signature);
    uint8_t key[16], hash[32] = {1};
    bench_new_key (&request, key);
    bool main_one = number < bench_bsn_count;
    char *provider = bench_text ("kernteam"), *recipient = bench_text ("zorgaanbieder-horizon");
    scope.n_providers = scope.n_recipients = 1;
    scope.providers = &provider;
    scope.recipients = &recipient;
    scope.n_categories = BENCH_ITEMS;
    char *named[BENCH_ITEMS];
    for (int i = 0; i < BENCH_ITEMS; i++)
        named[i] = bench_text (main_one ? categories[i] : carried[i]);
    scope.categories = named;
    scope.purpose = bench_text (purposes[main_one ? 0 : 1]);
    char case_ref[32];
    snprintf (case_ref, sizeof case_ref, "zaak-%zu", number);
    scope.case_ref = main_one ? bench_text ("") : case_ref;
    evidence.reference = bench_text ("formulier-1");
    evidence.sha256 = (ProtobufCBinaryData){sizeof hash, hash};
    int64_t now = zclock_time ();
    notice.id = bench_text ("folder");
    notice.version = bench_text ("1");
    notice.language = bench_text ("nl");
    notice.given_at = signature.given_at = now - 1000;
    signature.signer = bench_text ("subject");
    Consentd__Signature *signatures[] = {&signature};
    grant.bsn = bench_bsns[number % bench_bsn_count];
    grant.scope = &scope;
    grant.motivation = bench_text ("hulp bij het huishouden");
    grant.form = CONSENTD__FORM__WRITTEN;
    grant.evidence = &evidence;
    grant.notice = &notice;
    grant.n_signatures = 1;
    grant.signatures = signatures;
    grant.valid_until = now + INT64_C (180) * 24 * 3600 * 1000;
    grant.user = bench_text ("bench");
    request.body_case = CONSENTD__REQUEST__BODY_GRANT;
    request.grant = &grant;
    return bench_pack (&request, message);
}

size_t bench_make_subject (size_t number, uint8_t *message)
{
    Consentd__Request request;
    consentd__request__init (&request);
    Consentd__SubjectSetRequest subject;
    consentd__subject_set_request__init (&subject);
    uint8_t key[16];
    bench_new_key (&request, key);
    subject.bsn = bench_bsns[number];
    subject.birth_date = bench_text ("1967-08-13");
    subject.user = bench_text ("bench");
    request.body_case = CONSENTD__REQUEST__BODY_SUBJECT_SET;
    request.subject_set = &subject;
    return bench_pack (&request, message);
}

size_t bench_make_check (size_t number, uint8_t *message)
{
    Consentd__Request request;
    consentd__request__init (&request);
    Consentd__CheckRequest check;
    consentd__check_request__init (&check);
    Consentd__Item items[BENCH_ITEMS], *list[BENCH_ITEMS];
    uint8_t key[16];
    bench_new_key (&request, key);
    for (int i = 0; i < BENCH_ITEMS; i++) {
        consentd__item__init (&items[i]);
        items[i].category = bench_text (categories[i]);
        items[i].origin = bench_text (origins[0]);
        list[i] = &items[i];
    }
    check.bsn = bench_bsns[number * 7919 % bench_bsn_count];
    check.provider = bench_text ("kernteam");
    check.recipient = bench_text ("zorgaanbieder-horizon");
    check.purpose = bench_text ("toekenning");
    check.n_items = BENCH_ITEMS;
    check.items = list;
    check.user = bench_text ("u-1042");
    check.mode = CONSENTD__MODE__DISCLOSE;
    request.body_case = CONSENTD__REQUEST__BODY_CHECK;
    request.check = &check;
    return bench_pack (&request, message);
}

static int compare_numbers (const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_quantile (double *values, size_t count, double part)
{
    qsort (values, count, sizeof *values, compare_numbers);
    return values[(size_t)(part * (double)(count - 1))];
}
