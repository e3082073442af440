#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "delivery/uri.h"
#include "private_file.h"
#include "relay_help.h"
#include "session.h"
#include "text/option_fault.h"

#define SHORTS "+k:p:s:u:f:hV"

enum {
    SETTLE_UNLESS_GIVEN = 150000, /* ms */
    SETTLE_MOST = 86400,          /* s */
};

/* A whole number up to `most`. False: it is not one. */
static bool read_number (const char *text, uint64_t most, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull (text, &end, 10);
    return !errno && !*end && text[0] >= '0' && text[0] <= '9' && *number <= most;
}

/* Where the text of an option is kept. NULL: it is none of those. */
static const char **place_of (struct options *self, int option)
{
    struct relay_order *order = &self->order;
    switch (option) {
    case 'k':
        return &order->key;
    case 'p':
        return &order->position;
    case 's':
        return &order->to.stream;
    case 'u':
        return &order->to.url;
    case 'J':
        return &order->to.subject;
    case 'O':
        return &order->source;
    case 'C':
        return &order->to.credentials;
    case 'R':
        return &order->consumer;
    case 'U':
        return &self->user_file;
    case 'A':
        return &order->to.ca;
    case 'E':
        return &order->to.certificate;
    case 'K':
        return &order->to.certificate_key;
    default:
        return NULL;
    }
}

/* A name or subject in NATS: words of visible ASCII, and for a subject points between them, but no wildcards. */
static bool is_plain (const char *text, bool is_subject)
{
    size_t size = strlen (text);
    if (size == 0 || size > 200 || text[0] == '.' || text[size - 1] == '.' || strstr (text, "..") != NULL)
        return false;
    for (const char *c = text; *c; c++)
        if (*c <= ' ' || *c > '~' || strchr ("*>/\\", *c) != NULL || (*c == '.' && !is_subject))
            return false;
    return true;
}

static int judge_names (const struct relay_order *order)
{
    if (!is_plain (order->to.stream, false))
        return say (EX_USAGE, "--stream: this cannot be the name of a stream");
    if (order->to.subject != NULL && !is_plain (order->to.subject, true))
        return say (EX_USAGE, "--subject: this cannot be the subject of a message");
    if (!uri_is_absolute (order->source))
        return say (EX_USAGE,
                    "--source wants a URI, such as urn:nld:oin:00000001234567890000:systeem:toestemmingen");
    const char *scheme = strstr (order->to.url, "://");
    if (scheme != NULL && strncmp (order->to.url, "nats://", 7) != 0 && strncmp (order->to.url, "tls://", 6) != 0)
        return say (EX_USAGE, "--url wants nats://HOST:PORT or tls://HOST:PORT");
    if (strchr (order->to.url, '@') != NULL)
        return say (EX_USAGE, "--url: who we are is never part of it; use --user-file or --credentials");
    return 0;
}

/* Which options go together. 0 or an exit code. */
static int judge (struct options *self)
{
    struct relay_order *order = &self->order;
    if (order->to.url == NULL)
        order->to.url = "nats://127.0.0.1:4222";
    if (order->key == NULL || order->position == NULL || order->to.stream == NULL || order->source == NULL)
        return say (EX_USAGE, "--key, --position, --stream and --source are needed, see --help");
    if (order->to.credentials != NULL && self->user_file != NULL)
        return say (EX_USAGE, "--credentials and --user-file do not go together");
    if ((order->to.certificate == NULL) != (order->to.certificate_key == NULL))
        return say (EX_USAGE, "--tls-certificate and --tls-key go together");
    return judge_names (order);
}

/* Reads who we are. 0 or an exit code. */
static int read_user (struct options *self)
{
    char error[512];
    const char *credentials = self->order.to.credentials;
    if (credentials != NULL && access (credentials, R_OK) != 0)
        return say (EX_CONFIG, "%s: %s", credentials, strerror (errno));
    if (self->user_file == NULL)
        return 0;
    if (private_file_read (self->user_file, self->user, USER_FILE_SIZE, error, sizeof error) != 0)
        return say (EX_CONFIG, "%s", error);
    char *password = strchr (self->user, '\n');
    size_t length = password == NULL ? 0 : strcspn (password + 1, "\n");
    if (length == 0 || password == self->user ||
        strspn (password + 1 + length, "\n") != strlen (password + 1 + length))
        return say (EX_CONFIG, "%s: two lines are needed, a user and a password", self->user_file);
    *password++ = 0;
    password[length] = 0;
    self->order.to.user = self->user;
    self->order.to.password = password;
    return 0;
}

/* Takes one option. 0, -1 or an exit code. */
static int take (struct options *self, int option)
{
    const char **place = place_of (self, option);
    uint64_t number;
    if (option != 'h' && option != 'V' && !*optarg)
        return say (EX_USAGE, "an option is given as an empty text: leave it out, or say what");
    if (place != NULL) {
        *place = optarg;
        return 0;
    }
    switch (option) {
    case 'f':
        if (!read_number (optarg, UINT64_MAX, &number) || number == 0)
            return say (EX_USAGE, "--from wants the number of an event");
        self->order.from = number;
        return 0;
    case 'T':
        if (!read_number (optarg, SETTLE_MOST, &number))
            return say (EX_USAGE, "--settle wants seconds, at most %d", SETTLE_MOST);
        self->order.settle = (int64_t)number * 1000;
        return 0;
    case 'h':
        relay_help_print ();
        return -1;
    default:
        puts ("consent-relay " CONSENTD_VERSION);
        return -1;
    }
}

int options_parse (struct options *self, int argc, char **argv)
{
    static const struct option names[] = {
        {"key", required_argument, NULL, 'k'},
        {"position", required_argument, NULL, 'p'},
        {"stream", required_argument, NULL, 's'},
        {"url", required_argument, NULL, 'u'},
        {"subject", required_argument, NULL, 'J'},
        {"source", required_argument, NULL, 'O'},
        {"consumer", required_argument, NULL, 'R'},
        {"credentials", required_argument, NULL, 'C'},
        {"user-file", required_argument, NULL, 'U'},
        {"tls-ca", required_argument, NULL, 'A'},
        {"tls-certificate", required_argument, NULL, 'E'},
        {"tls-key", required_argument, NULL, 'K'},
        {"from", required_argument, NULL, 'f'},
        {"settle", required_argument, NULL, 'T'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    int option, result = 0;
    *self = (struct options){.order.settle = SETTLE_UNLESS_GIVEN, .order.consumer = "relay"};
    opterr = 0; /* getopt would repeat what was typed */
    while (result == 0 && (option = getopt_long (argc, argv, SHORTS, names, NULL)) != -1)
        result = option == '?' ? say (EX_USAGE, "%s", option_fault (argv, SHORTS, names)) : take (self, option);
    if (result == 0 && optind < argc)
        result = say (EX_USAGE, "there is an argument that is no option; see --help");
    if (result == 0)
        result = judge (self);
    return result != 0 ? result : read_user (self);
}
