#include "bridge.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config/file.h"

enum { PEM_LIMIT = 1 << 20 };

/* --- Values -------------------------------------------------------------------------------------------- */

static int required (struct bridge *self, const char *path, const char **value, struct settings_error *error)
{
    *value = settings_get (self->settings, path);
    return *value && **value ? 0 : settings_fault (self->settings, path, error, "%s is missing", path);
}

/* The path that a setting is. A relative one begins at the directory of the configuration. The caller frees it. */
static int read_path (struct bridge *self, const char *path, char **file, struct settings_error *error)
{
    const char *value;
    int result = required (self, path, &value, error);
    const char *slash = strrchr (self->path, '/');
    if (!result && asprintf (file, "%.*s%s", *value == '/' || !slash ? 0 : (int)(slash - self->path + 1),
                             self->path, value) < 0)
        abort ();
    return result;
}

/* A whole number of a range; `unless` if it is not there. */
static void read_number (struct bridge *self, const char *path, long range[3], struct settings_error *error)
{
    const char *text = settings_get (self->settings, path);
    char *end;
    errno = 0;
    long number = text ? strtol (text, &end, 10) : range[2];
    if (text && (errno || *end || end == text || number < range[0] || number > range[1]))
        settings_fault (self->settings, path, error, "not a whole number from %ld to %ld", range[0], range[1]);
    range[2] = number;
}

static void read_limits (struct bridge *self, struct settings_error *error)
{
    long connections[] = {1, 4096, 256}, first[] = {1, 600, 10}, idle[] = {1, 3600, 60};
    long per_party[] = {1, 32, 4}, timeout[] = {100, 60000, 2000};
    read_number (self, "limits/connections", connections, error);
    read_number (self, "limits/first-request", first, error);
    read_number (self, "limits/idle", idle, error);
    read_number (self, "registry/connections", per_party, error);
    read_number (self, "registry/timeout", timeout, error);
    self->connections = (unsigned)connections[2];
    self->first = first[2] * 1000;
    self->idle = idle[2] * 1000;
    self->per_party = (unsigned)per_party[2];
    self->timeout = (int)timeout[2];
}

/* --- Where it listens ---------------------------------------------------------------------------------- */

static bool is_loopback (const struct sockaddr_storage *address)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
    return address->ss_family == AF_INET ? ntohl (four->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET
                                         : IN6_IS_ADDR_LOOPBACK (&six->sin6_addr) != 0;
}

/* "127.0.0.1:8443" or "[::1]:8443". */
static bool parse_address (const char *text, struct sockaddr_storage *address)
{
    struct sockaddr_in *four = (struct sockaddr_in *)address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
    char host[64], *end;
    const char *colon = strrchr (text, ':');
    bool is_six = *text == '[';
    size_t size = colon ? (size_t)(colon - text) : 0;
    if (size < 3 || size >= sizeof host || (is_six && text[size - 1] != ']'))
        return false;
    size_t brackets = is_six ? 1 : 0;
    memcpy (host, text + brackets, size - 2 * brackets);
    host[size - 2 * brackets] = '\0';
    long port = strtol (colon + 1, &end, 10);
    if (colon[1] < '0' || colon[1] > '9' || *end || port < 1 || port > 65535)
        return false;
    address->ss_family = is_six ? AF_INET6 : AF_INET;
    four->sin_port = htons ((uint16_t)port); /* in the same place of both */
    return inet_pton (address->ss_family, host, is_six ? (void *)&six->sin6_addr : (void *)&four->sin_addr) == 1;
}

static void read_listen (struct bridge *self, struct settings_error *error)
{
    const char *beyond = settings_get (self->settings, "beyond-loopback");
    if (beyond && strcmp (beyond, "yes") != 0 && strcmp (beyond, "no") != 0)
        settings_fault (self->settings, "beyond-loopback", error, "neither yes nor no");
    if (required (self, "listen", &self->listen, error))
        return;
    if (!parse_address (self->listen, &self->address))
        settings_fault (self->settings, "listen", error, "not an address and a port: 127.0.0.1:8443, [::1]:8443");
    else if (!is_loopback (&self->address) && !(beyond && strcmp (beyond, "yes") == 0))
        settings_fault (self->settings, "listen", error,
                        "others than this machine could connect: say beyond-loopback = \"yes\" if they shall");
}

static void read_url (struct bridge *self, struct settings_error *error)
{
    if (required (self, "url", &self->url, error))
        return;
    if (strncmp (self->url, "https://", 8) != 0 || strpbrk (self->url, "?#\"\\ <>") ||
        self->url[strlen (self->url) - 1] == '/')
        settings_fault (self->settings, "url", error,
                        "not https://HOST:PORT, with neither a query nor a slash at its end");
}

/* --- Certificates -------------------------------------------------------------------------------------- */

/* Reads a file of PEM. One with a secret only its owner may read. */
static void read_pem (struct bridge *self, const char *path, bool is_secret, char **text,
                      struct settings_error *error)
{
    char *file = NULL;
    struct file_why why;
    size_t size;
    if (read_path (self, path, &file, error))
        return;
    int result = is_secret ? file_read_private (file, PEM_LIMIT, text, &size, &why)
                           : file_read (file, PEM_LIMIT, text, &size, &why);
    if (result)
        settings_fault (self->settings, path, error, "%s: %s", file, why.text);
    free (file);
}

/* 64 hexadecimal digits, as a certificate's fingerprint is written, with or without colons. */
static bool parse_pin (const char *text, size_t size, uint8_t pin[BRIDGE_PIN])
{
    size_t digits = 0;
    for (size_t i = 0; i < size; i++) {
        const char *digit = memchr ("0123456789abcdef", text[i] | 0x20, 16);
        if (text[i] == ':' && digits % 2 == 0 && digits > 0)
            continue;
        if (!digit || digits == BRIDGE_PIN * 2)
            return false;
        unsigned value = (unsigned)(*digit <= '9' ? *digit - '0' : *digit - 'a' + 10);
        pin[digits / 2] = (uint8_t)(digits % 2 ? pin[digits / 2] | value : value << 4);
        digits++;
    }
    return digits == BRIDGE_PIN * 2;
}

static void read_pins (struct bridge *self, struct bridge_party *party, const char *path, const char *text,
                       struct settings_error *error)
{
    int result = 0;
    for (text += strspn (text, " "); *text && !result; text += strspn (text, " ")) {
        size_t size = strcspn (text, " ");
        if (party->pin_count == BRIDGE_CERTIFICATES) {
            settings_fault (self->settings, path, error, "more than %d certificates", BRIDGE_CERTIFICATES);
            return;
        }
        uint8_t *pin = party->pins[party->pin_count];
        if (!parse_pin (text, size, pin))
            result = settings_fault (self->settings, path, error,
                                     "not the SHA-256 of a public key, 64 hexadecimal digits");
        else if (bridge_find (self, pin))
            result = settings_fault (self->settings, path, error, "a certificate that stands here twice");
        party->pin_count += !result;
        text += size;
    }
    if (!result && party->pin_count == 0)
        settings_fault (self->settings, path, error, "no certificate");
}

static void read_party (struct bridge *self, const char *id, struct settings_error *error)
{
    char path[256];
    struct bridge_party *party = &self->parties[self->party_count];
    const char *pins;
    *party = (struct bridge_party){.id = id};
    snprintf (path, sizeof path, "parties/%s/key", id);
    read_path (self, path, &party->key, error);
    snprintf (path, sizeof path, "parties/%s/certificates", id);
    self->party_count++; /* what of it is read already counts for what stands twice */
    if (!required (self, path, &pins, error))
        read_pins (self, party, path, pins, error);
}

static void read_parties (struct bridge *self, struct settings_error *error)
{
    const char *id;
    self->parties = calloc (BRIDGE_PARTIES, sizeof *self->parties);
    if (!self->parties)
        abort ();
    for (size_t i = 0; (id = settings_name (self->settings, "parties", i)) && i < BRIDGE_PARTIES; i++)
        read_party (self, id, error);
    if (id)
        settings_fault (self->settings, "parties", error, "more than %d", BRIDGE_PARTIES);
    if (self->party_count == 0)
        settings_fault (self->settings, "parties", error, "there are no parties");
}

/* A setting is under a section, which has no value of its own. */
static void know_sections (struct bridge *self)
{
    static const char *const sections[] = {"tls", "limits", "registry"};
    char path[256];
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        settings_get (self->settings, sections[i]);
    for (size_t i = 0; i < self->party_count; i++) {
        snprintf (path, sizeof path, "parties/%s", self->parties[i].id);
        settings_get (self->settings, path);
    }
}

/* --- All of it ----------------------------------------------------------------------------------------- */

int bridge_read (struct bridge *self, const char *path, struct settings_error *error)
{
    *self = (struct bridge){.path = path};
    int result = settings_read (&self->settings, path, error);
    if (result)
        return result;
    read_listen (self, error);
    read_url (self, error);
    read_pem (self, "tls/certificate", false, &self->certificate, error);
    read_pem (self, "tls/key", true, &self->key, error);
    read_pem (self, "tls/authorities", false, &self->authorities, error);
    if (settings_get (self->settings, "tls/crl"))
        read_path (self, "tls/crl", &self->revoked, error);
    read_limits (self, error);
    read_parties (self, error);
    know_sections (self);
    return settings_judge (self->settings, error);
}

void bridge_free (struct bridge *self)
{
    if (self->key)
        explicit_bzero (self->key, strlen (self->key));
    free (self->certificate);
    free (self->key);
    free (self->authorities);
    free (self->revoked);
    for (size_t i = 0; i < self->party_count; i++)
        free (self->parties[i].key);
    free (self->parties);
    settings_destroy (&self->settings);
}

const struct bridge_party *bridge_find (const struct bridge *self, const uint8_t pin[BRIDGE_PIN])
{
    for (size_t i = 0; i < self->party_count; i++)
        for (size_t j = 0; j < self->parties[i].pin_count; j++)
            if (memcmp (self->parties[i].pins[j], pin, BRIDGE_PIN) == 0)
                return &self->parties[i];
    return NULL;
}
