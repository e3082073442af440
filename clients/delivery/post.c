#include "post.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "post_headers.h"
#include "stopping.h"

enum { ANSWER_LIMIT = 64 * 1024, CONNECT_TIMEOUT = 10000 };

struct post {
    CURL *curl;
    struct post_headers headers;
    char agent[64];
    char text[ANSWER_LIMIT + 1]; /* of the answer */
    size_t size;
    bool is_too_long;
};

/* --- Where it is --------------------------------------------------------------------------------------- */

static bool has_part (CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool has = curl_url_get (url, part, &text, 0) == CURLUE_OK && text;
    curl_free (text);
    return has;
}

static bool is_part (CURLU *url, CURLUPart part, const char *wanted)
{
    char *text = NULL;
    bool is = curl_url_get (url, part, &text, 0) == CURLUE_OK && strcmp (text, wanted) == 0;
    curl_free (text);
    return is;
}

static bool is_here (CURLU *url)
{
    return is_part (url, CURLUPART_HOST, "127.0.0.1") || is_part (url, CURLUPART_HOST, "localhost") ||
           is_part (url, CURLUPART_HOST, "[::1]");
}

static bool add_path (CURLU *url, const char *more)
{
    char *path = NULL, *whole;
    if (!*more)
        return true;
    if (curl_url_get (url, CURLUPART_PATH, &path, 0) != CURLUE_OK)
        return false;
    size_t size = strlen (path);
    while (size > 0 && path[size - 1] == '/')
        size--;
    if (asprintf (&whole, "%.*s%s", (int)size, path, more) < 0)
        abort ();
    bool added = curl_url_set (url, CURLUPART_PATH, whole, 0) == CURLUE_OK;
    free (whole);
    curl_free (path);
    return added;
}

static int judge_url (CURLU *url, const struct post_to *to, struct fault *fault)
{
    if (curl_url_set (url, CURLUPART_URL, to->url, 0) != CURLUE_OK ||
        (!is_part (url, CURLUPART_SCHEME, "http") && !is_part (url, CURLUPART_SCHEME, "https")))
        return fault_set (fault, EX_USAGE, "%s wants an address: https://HOST, or http://HOST:PORT", to->option);
    bool is_open = is_part (url, CURLUPART_SCHEME, "http");
    if (has_part (url, CURLUPART_USER) || has_part (url, CURLUPART_PASSWORD))
        return fault_set (fault, EX_USAGE,
                          "a password does not belong on a command line, where others see it: "
                          "--header-file has a line such as \"Authorization: ...\"");
    if (has_part (url, CURLUPART_QUERY) || has_part (url, CURLUPART_FRAGMENT))
        return fault_set (fault, EX_USAGE, "%s wants an address without ? and #", to->option);
    if (to->headers && is_open)
        return fault_set (fault, EX_USAGE, "--header-file is for https: over http others read it");
    if (to->here_or_secret && is_open && !is_here (url))
        return fault_set (fault, EX_USAGE,
                          "%s wants https: over http others read what is sent, so that goes to 127.0.0.1, [::1] "
                          "and localhost alone",
                          to->option);
    return add_path (url, to->path) ? 0 : fault_set (fault, EX_USAGE, "%s wants an address", to->option);
}

static int set_url (CURL *curl, const struct post_to *to, struct fault *fault)
{
    char *text = NULL;
    CURLU *url = curl_url ();
    if (!url)
        abort ();
    int error = judge_url (url, to, fault);
    if (!error && (curl_url_get (url, CURLUPART_URL, &text, 0) != CURLUE_OK ||
                   curl_easy_setopt (curl, CURLOPT_URL, text) != CURLE_OK))
        error = fault_set (fault, EX_USAGE, "%s wants an address", to->option);
    /* That of the environment is somewhere else, and would read what we only send to ourselves. */
    if (!error && is_here (url) && curl_easy_setopt (curl, CURLOPT_PROXY, "") != CURLE_OK)
        abort ();
    curl_free (text);
    curl_url_cleanup (url);
    return error;
}

/* --- How it is asked ----------------------------------------------------------------------------------- */

/* Keeps the answer. One that is longer than any we know ends the request. */
static size_t take_answer (char *data, size_t size, size_t count, void *context)
{
    struct post *self = context;
    size *= count;
    self->is_too_long = size > ANSWER_LIMIT - self->size;
    if (self->is_too_long)
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

static bool set_options (struct post *self, const struct post_to *to)
{
    CURL *curl = self->curl;
    snprintf (self->agent, sizeof self->agent, "%s/" CONSENTD_VERSION, to->program);
    CURLcode rc = curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http,https");
#define SET(option, value) rc = rc == CURLE_OK ? curl_easy_setopt (curl, option, value) : rc
    SET (CURLOPT_FOLLOWLOCATION, 0L);
    SET (CURLOPT_SSL_VERIFYPEER, 1L);
    SET (CURLOPT_SSL_VERIFYHOST, 2L);
    SET (CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (to->ca)
        SET (CURLOPT_CAINFO, to->ca);
    SET (CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET (CURLOPT_NOSIGNAL, 1L);
    SET (CURLOPT_CONNECTTIMEOUT_MS, to->timeout < CONNECT_TIMEOUT ? to->timeout : (long)CONNECT_TIMEOUT);
    SET (CURLOPT_TIMEOUT_MS, to->timeout);
    SET (CURLOPT_HTTPHEADER, self->headers.list);
    SET (CURLOPT_USERAGENT, self->agent);
    SET (CURLOPT_WRITEFUNCTION, take_answer);
    SET (CURLOPT_WRITEDATA, self);
    SET (CURLOPT_XFERINFOFUNCTION, look_for_stop);
    SET (CURLOPT_NOPROGRESS, 0L);
#undef SET
    return rc == CURLE_OK;
}

struct post *post_new (const struct post_to *to, struct fault *fault)
{
    *fault = (struct fault){.code = 0};
    struct post *self = calloc (1, sizeof *self);
    if (!self || curl_global_init (CURL_GLOBAL_DEFAULT) != CURLE_OK || !(self->curl = curl_easy_init ()))
        abort ();
    int error = set_url (self->curl, to, fault);
    if (!error)
        error = post_headers_read (&self->headers, to->type, to->headers, fault);
    if (!error && !set_options (self, to))
        error = fault_set (fault, EX_SOFTWARE, "libcurl does not know what this program needs of it");
    if (error)
        post_destroy (&self);
    return self;
}

void post_destroy (struct post **self_p)
{
    struct post *self = *self_p;
    if (self) {
        curl_easy_cleanup (self->curl);
        post_headers_free (&self->headers);
        free (self);
    }
    *self_p = NULL;
}

/* --- What came of it ----------------------------------------------------------------------------------- */

static void read_answer (struct post *self, struct post_answer *answer)
{
    curl_off_t pause = 0;
    curl_easy_getinfo (self->curl, CURLINFO_RESPONSE_CODE, &answer->status);
    curl_easy_getinfo (self->curl, CURLINFO_RETRY_AFTER, &pause);
    answer->outcome = POST_ANSWERED;
    answer->pause = (long)pause;
    answer->text = self->text;
    answer->size = self->size;
    snprintf (answer->problem, sizeof answer->problem, "answers %ld%s", answer->status,
              answer->status >= 300 && answer->status < 400 ? ", a redirect, which is not followed" : "");
}

static void read_too_long (struct post *self, struct post_answer *answer)
{
    read_answer (self, answer);
    answer->outcome = POST_TOO_LONG;
    answer->text = "";
    answer->size = 0;
    snprintf (answer->problem, sizeof answer->problem, "answers %ld, and more than %d bytes", answer->status,
              ANSWER_LIMIT);
}

static void read_failure (struct post *self, CURLcode rc, struct post_answer *answer)
{
    long sent = 0;
    curl_easy_getinfo (self->curl, CURLINFO_REQUEST_SIZE, &sent);
    answer->outcome = sent > 0 ? POST_UNANSWERED : POST_UNREACHED;
    snprintf (answer->problem, sizeof answer->problem, "does not answer: %s", curl_easy_strerror (rc));
}

void post_send (struct post *self, const char *body, struct post_answer *answer)
{
    *answer = (struct post_answer){.outcome = POST_UNANSWERED, .text = ""};
    self->size = 0;
    self->is_too_long = false;
    curl_easy_setopt (self->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen (body));
    curl_easy_setopt (self->curl, CURLOPT_POSTFIELDS, body);
    CURLcode rc = curl_easy_perform (self->curl);
    if (rc == CURLE_ABORTED_BY_CALLBACK)
        answer->outcome = POST_STOPPED;
    else if (rc == CURLE_OK)
        read_answer (self, answer);
    else if (self->is_too_long)
        read_too_long (self, answer);
    else
        read_failure (self, rc, answer);
}

bool post_may_be_taken_later (long status)
{
    return status == 408 || status == 429 || status >= 500;
}

bool post_is_about_the_body (long status)
{
    return status == 400 || status == 409 || status == 413 || status == 422;
}

bool post_has_header_in (const struct post *self, const char *text)
{
    return post_headers_are_in (&self->headers, text);
}
