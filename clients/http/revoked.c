#include "revoked.h"

#include <gnutls/x509.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config/file.h"

enum { LISTS = 16 << 20 /* bytes of the file */ };

#define FOREVER ((time_t)INT64_MAX)

struct revoked {
    const struct bridge *bridge;
    gnutls_x509_crt_t *authorities;
    unsigned authority_count;
    pthread_mutex_t lock; /* over what follows */
    gnutls_x509_crl_t *lists;
    unsigned list_count;
    bool is_read; /* they can be believed */
    time_t end;   /* of the first that ends; of those that are read */
    unsigned generation;
};

/* What was read of the file. */
struct reading {
    struct revoked *self;
    gnutls_x509_crl_t *lists;
    unsigned count;
    time_t end;
    char *error;
    size_t size;
};

static bool fail (struct reading *reading, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
static bool fail (struct reading *reading, const char *format, ...)
{
    va_list values;
    int begun = snprintf (reading->error, reading->size, "%s: ", reading->self->bridge->revoked);
    va_start (values, format);
    if (begun > 0 && (size_t)begun < reading->size)
        vsnprintf (reading->error + begun, reading->size - (size_t)begun, format, values);
    va_end (values);
    return false;
}

static void free_lists (gnutls_x509_crl_t *lists, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        gnutls_x509_crl_deinit (lists[i]);
    gnutls_free (lists);
}

/* --- What a list must be ------------------------------------------------------------------------------- */

/* What is critical in a list changes what it is: a part (a delta, or of some certificates only), or of another's
   certificates. */
static bool is_whole (gnutls_x509_crl_t list)
{
    char oid[128];
    for (unsigned i = 0;; i++) {
        size_t size = sizeof oid;
        unsigned is_critical = 0;
        int result = gnutls_x509_crl_get_extension_info (list, i, oid, &size, &is_critical);
        if (result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
            return true;
        if (result != 0 || is_critical)
            return false;
    }
}

/* At whatever moment: when it stands is judged by itself. */
static bool is_signed_by (gnutls_x509_crl_t list, gnutls_x509_crt_t authority)
{
    const unsigned times = GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED | GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE;
    unsigned faults = ~0u;
    if (gnutls_x509_crl_check_issuer (list, authority) != 1 ||
        gnutls_x509_crl_verify (list, &authority, 1, 0, &faults) != 0)
        return false;
    return faults == 0 || ((faults & times) && !(faults & ~(times | GNUTLS_CERT_INVALID)));
}

static bool judge_list (struct reading *reading, unsigned index)
{
    const struct revoked *self = reading->self;
    gnutls_x509_crl_t list = reading->lists[index];
    time_t present = time (NULL), begin = gnutls_x509_crl_get_this_update (list),
           end = gnutls_x509_crl_get_next_update (list);
    bool is_signed = false;
    for (unsigned i = 0; i < self->authority_count; i++)
        is_signed = is_signed || is_signed_by (list, self->authorities[i]);
    if (!is_signed)
        return fail (reading, "list %u is not signed by a certificate of tls/authorities", index + 1);
    if (!is_whole (list))
        return fail (reading, "list %u is not one of all certificates of its authority", index + 1);
    if (begin == (time_t)-1 || end == (time_t)-1)
        return fail (reading, "list %u does not say when it begins and ends", index + 1);
    if (begin > present || end <= present)
        return fail (reading, "list %u %s", index + 1, end <= present ? "has ended" : "begins later");
    if (end < reading->end)
        reading->end = end;
    return true;
}

/* Of an authority without a list nobody knows what it has taken back. */
static bool judge_authorities (struct reading *reading)
{
    const struct revoked *self = reading->self;
    for (unsigned i = 0; i < self->authority_count; i++) {
        bool has_list = false;
        for (unsigned j = 0; j < reading->count && !has_list; j++)
            has_list = is_signed_by (reading->lists[j], self->authorities[i]);
        if (!has_list)
            return fail (reading, "there is no list of certificate %u of tls/authorities", i + 1);
    }
    return true;
}

/* --- Reading ------------------------------------------------------------------------------------------- */

/* PEM, of one list or several; or DER. */
static bool import (struct reading *reading, char *text, size_t size)
{
    const gnutls_datum_t data = {(unsigned char *)text, (unsigned)size};
    bool is_pem = memmem (text, size, "-----BEGIN", 10);
    int result = gnutls_x509_crl_list_import2 (&reading->lists, &reading->count, &data,
                                               is_pem ? GNUTLS_X509_FMT_PEM : GNUTLS_X509_FMT_DER, 0);
    if (result >= 0 && reading->count > 0)
        return true;
    reading->lists = NULL;
    reading->count = 0;
    return fail (reading, "not a list of revoked certificates, in PEM or DER");
}

static bool read_lists (struct reading *reading)
{
    struct file_why why;
    char *text = NULL;
    size_t size;
    if (file_read (reading->self->bridge->revoked, LISTS, &text, &size, &why) != 0)
        return fail (reading, "%s", why.text);
    bool is_fine = import (reading, text, size);
    free (text);
    for (unsigned i = 0; i < reading->count && is_fine; i++)
        is_fine = judge_list (reading, i);
    return is_fine && judge_authorities (reading);
}

bool revoked_read (struct revoked *self, char *error, size_t size)
{
    struct reading reading = {.self = self, .end = FOREVER, .error = error, .size = size};
    if (!self->bridge->revoked)
        return true;
    bool is_read = read_lists (&reading);
    pthread_mutex_lock (&self->lock);
    free_lists (self->lists, self->list_count);
    self->lists = reading.lists;
    self->list_count = reading.count;
    self->end = reading.end;
    self->is_read = is_read;
    self->generation++;
    pthread_mutex_unlock (&self->lock);
    return is_read;
}

struct revoked *revoked_new (const struct bridge *bridge, char *error, size_t size)
{
    struct revoked *self = calloc (1, sizeof *self);
    const gnutls_datum_t pem = {(unsigned char *)bridge->authorities, (unsigned)strlen (bridge->authorities)};
    if (!self)
        abort ();
    self->bridge = bridge;
    pthread_mutex_init (&self->lock, NULL);
    bool is_fine = !bridge->revoked || gnutls_x509_crt_list_import2 (&self->authorities, &self->authority_count,
                                                                     &pem, GNUTLS_X509_FMT_PEM, 0) >= 0;
    if (!is_fine)
        snprintf (error, size, "tls/authorities: not certificates in PEM");
    if (!is_fine || !revoked_read (self, error, size))
        revoked_destroy (&self);
    return self;
}

void revoked_destroy (struct revoked **self_p)
{
    struct revoked *self = *self_p;
    if (!self)
        return;
    for (unsigned i = 0; i < self->authority_count; i++)
        gnutls_x509_crt_deinit (self->authorities[i]);
    gnutls_free (self->authorities);
    free_lists (self->lists, self->list_count);
    pthread_mutex_destroy (&self->lock);
    free (self);
    *self_p = NULL;
}

/* --- Judging ------------------------------------------------------------------------------------------- */

size_t revoked_count (struct revoked *self)
{
    size_t count = 0;
    pthread_mutex_lock (&self->lock);
    for (unsigned i = 0; i < self->list_count; i++) {
        int of_list = gnutls_x509_crl_get_crt_count (self->lists[i]);
        count += of_list > 0 ? (size_t)of_list : 0;
    }
    pthread_mutex_unlock (&self->lock);
    return count;
}

unsigned revoked_generation (struct revoked *self)
{
    pthread_mutex_lock (&self->lock);
    unsigned generation = self->generation;
    pthread_mutex_unlock (&self->lock);
    return generation;
}

/* Its authority has a list, and it is on none of that authority. */
static bool passes (const struct revoked *self, const gnutls_datum_t *certificate)
{
    gnutls_x509_crt_t read;
    gnutls_datum_t issuer = {NULL, 0};
    bool has_list = false;
    if (gnutls_x509_crt_init (&read) != 0)
        return false;
    bool is_read = gnutls_x509_crt_import (read, certificate, GNUTLS_X509_FMT_DER) == 0 &&
                   gnutls_x509_crt_get_raw_issuer_dn (read, &issuer) == 0;
    for (unsigned i = 0; i < self->list_count && is_read && !has_list; i++) {
        gnutls_datum_t of_list = {NULL, 0};
        has_list = gnutls_x509_crl_get_raw_issuer_dn (self->lists[i], &of_list) == 0 &&
                   of_list.size == issuer.size && memcmp (of_list.data, issuer.data, issuer.size) == 0;
        gnutls_free (of_list.data);
    }
    bool result = has_list && gnutls_x509_crt_check_revocation (read, self->lists, self->list_count) == 0;
    gnutls_free (issuer.data);
    gnutls_x509_crt_deinit (read);
    return result;
}

bool revoked_passes (struct revoked *self, const gnutls_datum_t *chain, unsigned count, time_t *until)
{
    if (!self->bridge->revoked)
        return true;
    pthread_mutex_lock (&self->lock);
    bool result = self->is_read && time (NULL) < self->end;
    for (unsigned i = 0; i < count && result; i++)
        result = passes (self, &chain[i]);
    if (self->end < *until)
        *until = self->end;
    pthread_mutex_unlock (&self->lock);
    return result;
}

bool revoked_has_ended (struct revoked *self)
{
    pthread_mutex_lock (&self->lock);
    bool has_ended = self->bridge->revoked && self->is_read && time (NULL) >= self->end;
    pthread_mutex_unlock (&self->lock);
    return has_ended;
}
