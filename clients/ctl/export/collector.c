#include "collector.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "collector_headers.h"
#include "stopping.h"

enum { ANSWER_LIMIT = 64 * 1024, CONNECT_TIMEOUT = 10000 };

struct collector {
    CURL *curl;
    struct collector_headers headers;
    char text[ANSWER_LIMIT + 1]; /* of the answer */
    size_t size;
};

/* --- Where it is --------------------------------------------------------------------------------------- */

static bool has_part (CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool has = curl_url_get (url, part, &text, 0) == CURLUE_OK && text;
    curl_free (text);
    return has;
}

static bool is_scheme (CURLU *url, const char *name)
{
    char *text = NULL;
    bool is = curl_url_get (url, CURLUPART_SCHEME, &text, 0) == CURLUE_OK && strcmp (text, name) == 0;
    curl_free (text);
    return is;
}

/* Adds what OTLP calls the place for traces. */
static bool add_path (CURLU *url)
{
    char *path = NULL, *whole;
    if (curl_url_get (url, CURLUPART_PATH, &path, 0) != CURLUE_OK)
        return false;
    size_t size = strlen (path);
    while (size > 0 && path[size - 1] == '/')
        size--;
    if (asprintf (&whole, "%.*s/v1/traces", (int)size, path) < 0)
        abort ();
    bool added = curl_url_set (url, CURLUPART_PATH, whole, 0) == CURLUE_OK;
    free (whole);
    curl_free (path);
    return added;
}

/* 0, or EX_USAGE with its line printed. The line never repeats what was typed: it may hold a password. */
static int judge_url (CURLU *url, const struct sink_collector *where)
{
    if (curl_url_set (url, CURLUPART_URL, where->url, 0) != CURLUE_OK ||
        (!is_scheme (url, "http") && !is_scheme (url, "https")))
        return ctl_fail (EX_USAGE, "--otlp is where a collector is: https://HOST, or http://HOST:PORT");
    if (has_part (url, CURLUPART_USER) || has_part (url, CURLUPART_PASSWORD))
        return ctl_fail (EX_USAGE, "a password does not belong on a command line, where others see it: "
                                   "--header-file has a line such as \"Authorization: ...\"");
    if (has_part (url, CURLUPART_QUERY) || has_part (url, CURLUPART_FRAGMENT))
        return ctl_fail (EX_USAGE, "--otlp is an address without ? and #");
    if (where->headers && is_scheme (url, "http"))
        return ctl_fail (EX_USAGE, "--header-file is for https: over http others read it");
    return add_path (url) ? 0 : ctl_fail (EX_USAGE, "--otlp is no address");
}

static int set_url (CURL *curl, const struct sink_collector *where)
{
    char *text = NULL;
    CURLU *url = curl_url ();
    if (!url)
        abort ();
    int error = judge_url (url, where);
    if (!error && (curl_url_get (url, CURLUPART_URL, &text, 0) != CURLUE_OK ||
                   curl_easy_setopt (curl, CURLOPT_URL, text) != CURLE_OK))
        error = ctl_fail (EX_USAGE, "--otlp is no address");
    curl_free (text);
    curl_url_cleanup (url);
    return error;
}

/* --- How it is asked ----------------------------------------------------------------------------------- */

/* Keeps the answer. One that is longer than any of OTLP ends the request. */
static size_t take_answer (char *data, size_t size, size_t count, void *context)
{
    struct collector *self = context;
    size *= count;
    if (size > ANSWER_LIMIT - self->size)
        return 0;
    memcpy (self->text + self->size, data, size);
    self->size += size;
    return size;
}

static int look_for_stop (void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)context, (void)a, (void)b, (void)c, (void)d;
    return stopping_is_asked ();
}

static bool set_options (struct collector *self, const struct sink_collector *where)
{
    CURL *curl = self->curl;
    CURLcode rc = curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http,https");
#define SET(option, value) rc = rc == CURLE_OK ? curl_easy_setopt (curl, option, value) : rc
    SET (CURLOPT_FOLLOWLOCATION, 0L);
    SET (CURLOPT_SSL_VERIFYPEER, 1L);
    SET (CURLOPT_SSL_VERIFYHOST, 2L);
    SET (CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (where->ca)
        SET (CURLOPT_CAINFO, where->ca);
    SET (CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET (CURLOPT_NOSIGNAL, 1L);
    SET (CURLOPT_CONNECTTIMEOUT_MS, where->timeout < CONNECT_TIMEOUT ? where->timeout : (long)CONNECT_TIMEOUT);
    SET (CURLOPT_TIMEOUT_MS, where->timeout);
    SET (CURLOPT_HTTPHEADER, self->headers.list);
    SET (CURLOPT_USERAGENT, "consentctl/" CONSENTD_VERSION);
    SET (CURLOPT_WRITEFUNCTION, take_answer);
    SET (CURLOPT_WRITEDATA, self);
    SET (CURLOPT_XFERINFOFUNCTION, look_for_stop);
    SET (CURLOPT_NOPROGRESS, 0L);
#undef SET
    return rc == CURLE_OK;
}

struct collector *collector_new (const struct sink_collector *where, int *error)
{
    struct collector *self = calloc (1, sizeof *self);
    if (!self || curl_global_init (CURL_GLOBAL_DEFAULT) != CURLE_OK || !(self->curl = curl_easy_init ()))
        abort ();
    *error = set_url (self->curl, where);
    if (!*error)
        *error = collector_headers_read (&self->headers, where->headers);
    if (!*error && !set_options (self, where))
        *error = ctl_fail (EX_SOFTWARE, "libcurl does not know what this program needs of it");
    if (*error)
        collector_destroy (&self);
    return self;
}

void collector_destroy (struct collector **self_p)
{
    struct collector *self = *self_p;
    if (self) {
        curl_easy_cleanup (self->curl);
        collector_headers_free (&self->headers);
        free (self);
    }
    *self_p = NULL;
}

/* --- What came of it ----------------------------------------------------------------------------------- */

static enum collector_outcome outcome_of (long status)
{
    if (status == 200)
        return COLLECTOR_TOOK;
    if (status == 413)
        return COLLECTOR_TOO_BIG;
    return status == 408 || status == 429 || status >= 500 ? COLLECTOR_LATER : COLLECTOR_REFUSES;
}

static void judge_taken (struct collector *self, struct collector_answer *answer)
{
    struct otlp_answer said;
    if (!otlp_answer_read (self->text, self->size, &said)) {
        answer->outcome = COLLECTOR_LATER;
        snprintf (answer->message, sizeof answer->message, "answers 200, but not as OTLP does");
        return;
    }
    answer->rejected = said.rejected;
    if (collector_headers_are_in (&self->headers, said.message))
        snprintf (said.message, sizeof said.message, "(its words hold a header of --header-file)");
    snprintf (answer->message, sizeof answer->message, "%s", said.message);
}

static void judge_answer (struct collector *self, struct collector_answer *answer)
{
    long status = 0;
    curl_off_t pause = 0;
    curl_easy_getinfo (self->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo (self->curl, CURLINFO_RETRY_AFTER, &pause);
    answer->outcome = outcome_of (status);
    answer->pause = (long)pause;
    if (answer->outcome == COLLECTOR_TOOK)
        judge_taken (self, answer);
    else
        snprintf (answer->message, sizeof answer->message, "answers %ld%s", status,
                  status >= 300 && status < 400 ? ", a redirect, which is not followed" : "");
}

void collector_post (struct collector *self, const char *body, struct collector_answer *answer)
{
    *answer = (struct collector_answer){.outcome = COLLECTOR_LATER};
    self->size = 0;
    curl_easy_setopt (self->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen (body));
    curl_easy_setopt (self->curl, CURLOPT_POSTFIELDS, body);
    CURLcode rc = curl_easy_perform (self->curl);
    if (rc == CURLE_ABORTED_BY_CALLBACK)
        answer->outcome = COLLECTOR_STOPPED;
    else if (rc == CURLE_OK)
        judge_answer (self, answer);
    else
        snprintf (answer->message, sizeof answer->message, "does not answer: %s", curl_easy_strerror (rc));
}
