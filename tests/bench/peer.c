#include "peer.h"
#include <libpq-fe.h>
#include <poll.h>
#include "load.h"

enum {
    LINE = 360, /* bytes of a line of the log */
    PARAMETERS = 7,
    ANSWER_LIMIT_MS = 60000,
};

struct peer {
    char conninfo[512];
    char *check; /* SQL that a connection begins with */
    size_t count;
    PGconn *connections[PEER_CLIENTS];
};

static void fail (PGconn *connection)
{
    fprintf (stderr, "bench: PostgreSQL: %s", PQerrorMessage (connection));
    bench_give_up ();
}

static char *read_sql (const char *directory, const char *name)
{
    char path[512];
    snprintf (path, sizeof path, "%s/%s", directory, name);
    zchunk_t *chunk = zchunk_slurp (path, 1 << 20);
    if (chunk == NULL)
        bench_fail ("cannot read the SQL");
    char *text = zchunk_strdup (chunk);
    zchunk_destroy (&chunk);
    return text;
}

static void execute (PGconn *connection, const char *sql)
{
    PGresult *result = PQexec (connection, sql);
    if (PQresultStatus (result) != PGRES_COMMAND_OK && PQresultStatus (result) != PGRES_TUPLES_OK)
        fail (connection);
    PQclear (result);
}

/* There are at least so many connections. */
static void connect_clients (struct peer *self, size_t count)
{
    for (; self->count < count; self->count++) {
        PGconn *connection = self->connections[self->count] = PQconnectdb (self->conninfo);
        if (PQstatus (connection) != CONNECTION_OK)
            fail (connection);
        if (self->count > 0)
            execute (connection, self->check);
    }
}

struct peer *peer_open (const char *socket_directory, const char *sql_directory)
{
    struct peer *self = calloc (1, sizeof *self);
    if (self == NULL)
        bench_fail ("out of memory");
    snprintf (self->conninfo, sizeof self->conninfo, "host='%s' user=bench dbname=postgres", socket_directory);
    self->check = read_sql (sql_directory, "peer_check.sql");
    char *schema = read_sql (sql_directory, "peer_schema.sql");
    connect_clients (self, 1);
    execute (self->connections[0], schema);
    execute (self->connections[0], self->check);
    free (schema);
    return self;
}

void peer_close (struct peer **self_p)
{
    struct peer *self = *self_p;
    if (self == NULL)
        return;
    for (size_t i = 0; i < self->count; i++)
        PQfinish (self->connections[i]);
    free (self->check);
    free (self);
    *self_p = NULL;
}

void peer_grow (struct peer *self, struct people people, size_t consents)
{
    char sql[128];
    snprintf (sql, sizeof sql, "SELECT grow (%zu, %zu, %zu)", people.first, people.count, consents);
    execute (self->connections[0], sql);
}

void peer_settle (struct peer *self)
{
    execute (self->connections[0], "VACUUM ANALYZE statement");
    execute (self->connections[0], "CHECKPOINT");
}

static void ask (PGconn *connection, struct people people, size_t number)
{
    static const char line[LINE] = {0x55};
    static const int lengths[PARAMETERS] = {0, 0, 0, 0, 0, 0, LINE}, formats[PARAMETERS] = {0, 0, 0, 0, 0, 0, 1};
    char subject[16];
    snprintf (subject, sizeof subject, "%09zu", bench_person (people, number));
    const char *values[PARAMETERS] = {
        subject, "kernteam", "zorgaanbieder-horizon", "toekenning", "{naw,bsn,geboortedatum,toewijzing,periode}",
        "",      line,
    };
    if (PQsendQueryPrepared (connection, "check_and_log", PARAMETERS, values, lengths, formats, 1) != 1)
        fail (connection);
}

/* The answer came, and permits. */
static bool is_answered (PGconn *connection)
{
    if (PQconsumeInput (connection) != 1)
        fail (connection);
    if (PQisBusy (connection))
        return false;
    for (PGresult *result = PQgetResult (connection); result != NULL; result = PQgetResult (connection)) {
        if (PQresultStatus (result) != PGRES_TUPLES_OK || PQntuples (result) != 1)
            fail (connection);
        if (*PQgetvalue (result, 0, 2) != 1)
            bench_fail ("PostgreSQL did not permit a check");
        PQclear (result);
    }
    return true;
}

static bool goes_on (const struct peer_load *load, size_t sent, int64_t start)
{
    return (load->total == 0 || sent < load->total) &&
           (load->ms == 0 || bench_now_us () < start + load->ms * 1000);
}

void peer_run (struct peer *self, struct peer_load *load)
{
    struct pollfd items[PEER_CLIENTS];
    size_t sent = 0, answered = 0;
    connect_clients (self, load->clients);
    int64_t start = bench_now_us ();
    for (size_t i = 0; i < load->clients; i++) {
        items[i] = (struct pollfd){PQsocket (self->connections[i]), POLLIN, 0};
        ask (self->connections[i], load->people, load->first + sent++);
    }
    while (answered < sent) {
        if (poll (items, load->clients, ANSWER_LIMIT_MS) <= 0)
            bench_fail ("no answer of PostgreSQL");
        for (size_t i = 0; i < load->clients; i++) {
            if (items[i].revents == 0 || !is_answered (self->connections[i]))
                continue;
            answered++;
            if (goes_on (load, sent, start))
                ask (self->connections[i], load->people, load->first + sent++);
        }
    }
    load->per_second = (double)answered * 1e6 / (double)(bench_now_us () - start);
}

size_t peer_run_single (struct peer *self, const struct peer_load *load)
{
    size_t answered = 0;
    PGconn *connection = self->connections[0];
    struct pollfd item = {PQsocket (connection), POLLIN, 0};
    int64_t end = bench_now_us () + load->ms * 1000;
    do {
        int64_t start = bench_now_us ();
        ask (connection, load->people, load->first + answered);
        while (!is_answered (connection))
            if (poll (&item, 1, ANSWER_LIMIT_MS) <= 0)
                bench_fail ("no answer of PostgreSQL");
        load_times[answered++] = (double)(bench_now_us () - start);
    } while (answered < LOAD_TIMES && bench_now_us () < end);
    return answered;
}
