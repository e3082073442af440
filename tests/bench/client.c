#include "client.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

enum { START_LIMIT_US = 600 * 1000000 };

int64_t bench_now_us (void)
{
    return zclock_usecs ();
}

/* CZMQ would tell of each socket that is left. */
void bench_give_up (void)
{
    fflush (stdout);
    _exit (1);
}

void bench_fail (const char *what)
{
    fprintf (stderr, "bench: %s\n", what);
    bench_give_up ();
}

static int compare_numbers (const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_quantile (double *values, size_t count, double part)
{
    if (count == 0)
        return 0;
    qsort (values, count, sizeof *values, compare_numbers);
    return values[(size_t)(part * (double)(count - 1))];
}

void series_add (struct series *series, double value)
{
    if (series->count < sizeof series->values / sizeof series->values[0])
        series->values[series->count++] = value;
}

double series_median (const struct series *series)
{
    struct series sorted = *series;
    return bench_quantile (sorted.values, sorted.count, 0.5);
}

static void take (char *place, size_t size, const char *text)
{
    if (text == NULL || strlen (text) >= size)
        bench_fail ("cannot read a key file");
    strcpy (place, text);
}

void bench_read_identity (const char *key_file, const char *endpoint_name, struct bench_identity *identity)
{
    zcert_t *cert = zcert_load (key_file);
    if (cert == NULL)
        bench_fail ("cannot read a key file");
    take (identity->public_key, sizeof identity->public_key, zcert_public_txt (cert));
    take (identity->secret_key, sizeof identity->secret_key, zcert_secret_txt (cert));
    take (identity->server_key, sizeof identity->server_key, zcert_meta (cert, "server-key"));
    take (identity->endpoint, sizeof identity->endpoint, zcert_meta (cert, endpoint_name));
    zcert_destroy (&cert);
}

zsock_t *bench_socket (const struct bench_identity *identity, int type)
{
    zsock_t *socket = zsock_new (type);
    if (socket == NULL)
        bench_fail ("cannot make a socket");
    zsock_set_linger (socket, 0);
    zsock_set_sndhwm (socket, 0);
    zsock_set_rcvhwm (socket, 0);
    zsock_set_curve_publickey (socket, identity->public_key);
    zsock_set_curve_secretkey (socket, identity->secret_key);
    zsock_set_curve_serverkey (socket, identity->server_key);
    return socket;
}

static zsock_t *connect_as (const struct bench_identity *identity, const char *endpoint)
{
    zsock_t *socket = bench_socket (identity, ZMQ_DEALER);
    if (zsock_connect (socket, "%s", endpoint) != 0)
        bench_fail ("cannot connect");
    return socket;
}

zsock_t *bench_connect_to (const char *key_file, const char *endpoint)
{
    struct bench_identity identity;
    bench_read_identity (key_file, "requests", &identity);
    return connect_as (&identity, endpoint);
}

zsock_t *bench_connect (const char *key_file, const char *endpoint_name)
{
    struct bench_identity identity;
    bench_read_identity (key_file, endpoint_name, &identity);
    return connect_as (&identity, identity.endpoint);
}

pid_t bench_fork (void)
{
    fflush (stdout);
    pid_t child = fork ();
    if (child == -1)
        bench_fail ("cannot start a process");
    if (child == 0)
        prctl (PR_SET_PDEATHSIG, SIGTERM);
    return child;
}

static bool is_ready (const char *log)
{
    static char text[65536];
    int file = open (log, O_RDONLY | O_CLOEXEC);
    ssize_t size = file != -1 ? read (file, text, sizeof text - 1) : 0;
    if (file != -1)
        close (file);
    text[size > 0 ? size : 0] = '\0';
    return strstr (text, "consentd: ready") != NULL;
}

pid_t bench_start_daemon (const char *consentd, const char *config, const char *log, double *took_ms)
{
    unlink (log);
    int64_t start = bench_now_us ();
    pid_t child = bench_fork ();
    if (child == 0) {
        int file = open (log, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0600);
        if (file == -1 || dup2 (file, STDERR_FILENO) == -1)
            _exit (126);
        execl (consentd, consentd, config, (char *)NULL);
        _exit (127);
    }
    while (!is_ready (log)) {
        if (waitpid (child, NULL, WNOHANG) != 0 || bench_now_us () - start > START_LIMIT_US)
            bench_fail ("consentd does not start");
        usleep (200);
    }
    if (took_ms != NULL)
        *took_ms = (double)(bench_now_us () - start) / 1000;
    return child;
}

void bench_stop (pid_t child)
{
    kill (child, SIGTERM);
    waitpid (child, NULL, 0);
}

void bench_stop_daemon (pid_t child)
{
    int status = 0;
    kill (child, SIGTERM);
    if (waitpid (child, &status, 0) != child || !WIFEXITED (status) || WEXITSTATUS (status) != 0)
        bench_fail ("consentd did not stop as it should");
}

double bench_memory_mib (pid_t process)
{
    char path[64], line[256];
    double memory = 0;
    snprintf (path, sizeof path, "/proc/%d/status", (int)process);
    FILE *file = fopen (path, "r");
    while (file != NULL && fgets (line, sizeof line, file) != NULL)
        if (strncmp (line, "RssAnon:", 8) == 0)
            memory = atof (line + 8) / 1024;
    if (file != NULL)
        fclose (file);
    return memory;
}

double bench_processor_us (pid_t process)
{
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid (process, &clock) != 0 || clock_gettime (clock, &used) != 0)
        bench_fail ("cannot tell how long a process was running");
    return (double)used.tv_sec * 1e6 + (double)used.tv_nsec / 1e3;
}
