/* How many questions a second go through consent-http, beside the same ones over ZeroMQ? scripts/bench starts
   this.

   Usage: http KEY URL DIRECTORY SECONDS DAEMON BRIDGE, where KEY is the key file of the party that asks, URL where
   consent-http answers, DIRECTORY holds client.pem, client.key and clients.pem, and DAEMON and BRIDGE are the
   processes, which run. Its last lines are name=value. */
#include <curl/curl.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include "client.h"
#include "consent.h"
#include "requests.h"

enum {
    CLIENTS = 8, /* each on a connection of its own, with one question out */
    PEOPLE = 4000,
    BATCH = 64, /* questions in one message */
    ROUNDS = 3,
    TIMES = 1 << 16, /* of one client */
    ONE = 640,       /* bytes of a question, at most */
};

struct bench {
    const char *key, *url, *directory;
    int64_t us; /* that one round takes of each */
    clockid_t daemon, bridge;
};

/* One client, in a thread of its own. */
struct client {
    const struct bench *bench;
    pthread_t thread;
    size_t number;   /* of it */
    size_t batch;    /* questions in a message */
    bool reconnects; /* for each message */
    int64_t end;
    CURL *http;          /* NULL: it asks over ... */
    consent_t *registry; /* ... this */
    char answer[BATCH * 2048];
    size_t answer_size;
    size_t answered; /* questions */
    double times[TIMES];
    size_t time_count;
};

static double cpu_us (clockid_t clock)
{
    struct timespec now;
    if (clock_gettime (clock, &now) != 0)
        bench_fail ("a process has ended");
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static const char *person (const struct client *self, size_t number)
{
    return bench_bsns[(number / 2 * CLIENTS + self->number) % PEOPLE];
}

/* Half of all are advice, half are recorded as disclosures. A message has one sort, as it has one key. */
static bool is_disclosure (const struct client *self)
{
    return self->answered / self->batch % 2;
}

/* ------------------------------------------------------------------------------------------------ over ZeroMQ */

static void fill (const struct client *self, size_t number, struct consent_question *question)
{
    static const struct consent_item items[] = {{"bsn", "wmo"},           {"naw", "wmo"},
                                                {"geboortedatum", "wmo"}, {"toewijzing", "wmo"},
                                                {"periode", "wmo"},       {"soort-voorziening", "wmo"}};
    *question = (struct consent_question){.bsn = person (self, number),
                                          .provider = "kernteam",
                                          .recipient = "cak",
                                          .purpose = "eigen-bijdrage",
                                          .items = items,
                                          .item_count = sizeof items / sizeof *items,
                                          .user = "bench",
                                          .mode = is_disclosure (self) ? CONSENT_DISCLOSE : CONSENT_ADVISE};
}

static void ask_registry (struct client *self)
{
    struct consent_question questions[BATCH];
    struct consent_answer *answers[BATCH];
    for (size_t i = 0; i < self->batch; i++)
        fill (self, self->answered + i, &questions[i]);
    if (self->batch == 1)
        answers[0] = consent_check (self->registry, questions);
    else
        consent_check_batch (self->registry, questions, self->batch, answers);
    for (size_t i = 0; i < self->batch; i++) {
        if (answers[i]->verdict != CONSENT_PERMIT)
            bench_fail (*answers[i]->message ? answers[i]->message : "a check is not permitted");
        consent_answer_destroy (&answers[i]);
    }
}

/* -------------------------------------------------------------------------------------------------- over HTTPS */

static size_t keep (char *data, size_t one, size_t size, void *context)
{
    struct client *self = context;
    if (self->answer_size + one * size >= sizeof self->answer)
        return 0;
    memcpy (self->answer + self->answer_size, data, one * size);
    self->answer_size += one * size;
    return one * size;
}

/* What one question is: a whole evaluation, or one of several that differ in the person. */
static size_t write_resource (const struct client *self, size_t number, char *text)
{
    return (size_t)snprintf (
        text, ONE,
        "\"resource\":{\"type\":\"persoonsgegevens\",\"id\":\"gegevens\",\"properties\":{\"bsn\":\"%s\","
        "\"verstrekker\":\"kernteam\",\"gegevens\":[{\"gegevenssoort\":\"bsn\",\"herkomst\":\"wmo\"},"
        "{\"gegevenssoort\":\"naw\",\"herkomst\":\"wmo\"},{\"gegevenssoort\":\"geboortedatum\",\"herkomst\":"
        "\"wmo\"},"
        "{\"gegevenssoort\":\"toewijzing\",\"herkomst\":\"wmo\"},{\"gegevenssoort\":\"periode\",\"herkomst\":"
        "\"wmo\"},"
        "{\"gegevenssoort\":\"soort-voorziening\",\"herkomst\":\"wmo\"}]}}",
        person (self, number));
}

static void write_body (const struct client *self, char *body)
{
    char *at =
        body + sprintf (body,
                        "{\"subject\":{\"type\":\"partij\",\"id\":\"cak\"},\"action\":{\"name\":\"verstrekken\","
                        "\"properties\":{\"doel\":\"eigen-bijdrage\",\"wijze\":\"%s\"}},"
                        "\"context\":{\"gebruiker\":\"bench\"},",
                        is_disclosure (self) ? "DISCLOSE" : "ADVISE");
    if (self->batch > 1)
        at += sprintf (at, "\"evaluations\":[");
    for (size_t i = 0; i < self->batch; i++) {
        at += sprintf (at, i ? ",{" : self->batch > 1 ? "{" : "");
        at += write_resource (self, self->answered + i, at);
        at += sprintf (at, self->batch > 1 ? "}" : "");
    }
    sprintf (at, self->batch > 1 ? "]}" : "}");
}

static void must_permit (struct client *self)
{
    size_t permitted = 0;
    self->answer[self->answer_size] = '\0';
    for (const char *at = self->answer; (at = strstr (at, "\"uitkomst\":\"PERMIT\"")); at++)
        permitted++;
    if (permitted != self->batch)
        bench_fail (*self->answer ? self->answer : "consent-http gave no answer");
}

static void ask_bridge (struct client *self)
{
    char body[BATCH * ONE], key[64];
    write_body (self, body);
    snprintf (key, sizeof key, "Idempotency-Key: %016llx-%zu", (unsigned long long)bench_now_us (), self->number);
    struct curl_slist *headers = curl_slist_append (NULL, "Content-Type: application/json");
    headers = curl_slist_append (headers, key);
    self->answer_size = 0;
    curl_easy_setopt (self->http, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt (self->http, CURLOPT_POSTFIELDS, body);
    CURLcode code = curl_easy_perform (self->http);
    curl_slist_free_all (headers);
    if (code != CURLE_OK)
        bench_fail (curl_easy_strerror (code));
    must_permit (self);
}

static CURL *open_http (struct client *self)
{
    const struct bench *bench = self->bench;
    char path[3][512], url[256];
    CURL *http = curl_easy_init ();
    static const char *const files[] = {"client.pem", "client.key", "clients.pem"};
    static const CURLoption options[] = {CURLOPT_SSLCERT, CURLOPT_SSLKEY, CURLOPT_CAINFO};
    if (!http)
        bench_fail ("there is no client of HTTP");
    for (size_t i = 0; i < 3; i++) {
        snprintf (path[i], sizeof path[i], "%s/%s", bench->directory, files[i]);
        curl_easy_setopt (http, options[i], path[i]);
    }
    snprintf (url, sizeof url, "%s/access/v1/evaluation%s", bench->url, self->batch > 1 ? "s" : "");
    curl_easy_setopt (http, CURLOPT_URL, url);
    curl_easy_setopt (http, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt (http, CURLOPT_WRITEDATA, self);
    curl_easy_setopt (http, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt (http, CURLOPT_NOPROXY, "*");
    curl_easy_setopt (http, CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt (http, CURLOPT_FORBID_REUSE, (long)self->reconnects);
    return http;
}

/* ----------------------------------------------------------------------------------------------------- rounds */

static void *ask_on (void *context)
{
    struct client *self = context;
    int64_t begin = bench_now_us ();
    do { /* at least one, however late this thread comes to begin */
        if (self->http)
            ask_bridge (self);
        else
            ask_registry (self);
        int64_t now = bench_now_us ();
        self->times[self->time_count++ % TIMES] = (double)(now - begin);
        self->answered += self->batch;
        begin = now;
    } while (begin < self->end);
    return NULL;
}

/* What is measured: so many clients, of one sort. */
struct sort {
    bool is_http, reconnects;
    size_t clients, batch;
    struct series per_second, p50, bridge_us, daemon_us; /* out */
};

/* Its first question is not counted: it opens the connection. */
static void open_client (struct client *self, const struct sort *sort, const struct bench *bench, size_t number)
{
    char error[512];
    *self =
        (struct client){.bench = bench, .number = number, .batch = sort->batch, .reconnects = sort->reconnects};
    if (sort->is_http)
        self->http = open_http (self);
    else if (!(self->registry = consent_open (bench->key, error, sizeof error)))
        bench_fail (error);
    ask_on (self);
    self->answered = self->time_count = 0;
}

static size_t run (struct client *clients, const struct sort *sort, int64_t end)
{
    size_t answered = 0;
    for (size_t i = 0; i < sort->clients; i++) {
        clients[i].end = end;
        if (pthread_create (&clients[i].thread, NULL, ask_on, &clients[i]) != 0)
            bench_fail ("cannot make a thread");
    }
    for (size_t i = 0; i < sort->clients; i++) {
        pthread_join (clients[i].thread, NULL);
        answered += clients[i].answered;
    }
    return answered;
}

static void measure (const struct bench *bench, struct sort *sort)
{
    static struct client clients[CLIENTS];
    for (size_t i = 0; i < sort->clients; i++)
        open_client (&clients[i], sort, bench, i);
    double bridge = cpu_us (bench->bridge), daemon = cpu_us (bench->daemon);
    int64_t begin = bench_now_us ();
    double answered = (double)run (clients, sort, begin + bench->us);
    series_add (&sort->per_second, answered * 1e6 / (double)(bench_now_us () - begin));
    series_add (&sort->bridge_us, (cpu_us (bench->bridge) - bridge) / answered);
    series_add (&sort->daemon_us, (cpu_us (bench->daemon) - daemon) / answered);
    size_t count = clients[0].time_count < TIMES ? clients[0].time_count : TIMES;
    series_add (&sort->p50, bench_quantile (clients[0].times, count, 0.5));
    for (size_t i = 0; i < sort->clients; i++) {
        if (clients[i].http)
            curl_easy_cleanup (clients[i].http);
        if (clients[i].registry)
            consent_close (&clients[i].registry);
    }
}

/* ---------------------------------------------------------------------------------------------------- figures */

enum { ZMQ, HTTP, ZMQ_BATCH, HTTP_BATCH, ZMQ_ONE, HTTP_ONE, HTTP_NEW, SORTS };

static void print (const struct sort *sorts)
{
    double checks = series_median (&sorts[ZMQ].per_second), http = series_median (&sorts[HTTP].per_second);
    double batch = series_median (&sorts[ZMQ_BATCH].per_second),
           http_batch = series_median (&sorts[HTTP_BATCH].per_second);
    printf ("checks_per_s=%.0f\nhttp_per_s=%.0f\nhttp_ratio=%.2f\n", checks, http, http / checks);
    printf ("batch_per_s=%.0f\nhttp_batch_per_s=%.0f\nhttp_batch_ratio=%.2f\n", batch, http_batch,
            http_batch / batch);
    printf ("connects_per_s=%.0f\n", series_median (&sorts[HTTP_NEW].per_second));
    printf ("check_p50_us=%.0f\nhttp_p50_us=%.0f\n", series_median (&sorts[ZMQ_ONE].p50),
            series_median (&sorts[HTTP_ONE].p50));
    printf ("daemon_cpu_us=%.0f\nbridge_cpu_us=%.0f\nbridge_batch_cpu_us=%.0f\nbridge_connect_cpu_us=%.0f\n",
            series_median (&sorts[HTTP].daemon_us), series_median (&sorts[HTTP].bridge_us),
            series_median (&sorts[HTTP_BATCH].bridge_us), series_median (&sorts[HTTP_NEW].bridge_us));
}

int main (int argc, char **argv)
{
    static struct bench bench;
    static struct sort sorts[SORTS] = {
        [ZMQ] = {.clients = CLIENTS, .batch = 1},
        [HTTP] = {.is_http = true, .clients = CLIENTS, .batch = 1},
        [ZMQ_BATCH] = {.clients = CLIENTS, .batch = BATCH},
        [HTTP_BATCH] = {.is_http = true, .clients = CLIENTS, .batch = BATCH},
        [ZMQ_ONE] = {.clients = 1, .batch = 1},
        [HTTP_ONE] = {.is_http = true, .clients = 1, .batch = 1},
        [HTTP_NEW] = {.is_http = true, .clients = CLIENTS, .batch = 1, .reconnects = true},
    };
    if (argc != 7)
        bench_fail ("usage: http KEY URL DIRECTORY SECONDS DAEMON BRIDGE");
    bench = (struct bench){argv[1], argv[2], argv[3], (int64_t)(atof (argv[4]) * 1e6), 0, 0};
    if (clock_getcpuclockid (atoi (argv[5]), &bench.daemon) != 0 ||
        clock_getcpuclockid (atoi (argv[6]), &bench.bridge) != 0)
        bench_fail ("the registry or consent-http does not run");
    curl_global_init (CURL_GLOBAL_DEFAULT);
    bench_list_bsns (PEOPLE);
    measure (&bench, &(struct sort){.clients = CLIENTS, .batch = BATCH}); /* what is only the first time */
    for (size_t i = 0; i < ROUNDS * SORTS; i++)
        measure (&bench, &sorts[i % SORTS]);
    print (sorts);
    return 0;
}
