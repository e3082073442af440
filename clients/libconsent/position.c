#include "position.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "allocate.h"
#include "call.h"
#include "config/file_write.h"

_Static_assert((int)POSITION_SIZE >= 512 + LOG_NOTE_SIZE + LOG_KEYS_KNOWN * (16 + NOTE_KEY_TEXT_SIZE),
               "room for whatever is kept");

/* --- Whose it is -------------------------------------------------------------------------------------- */

/* As the registry has them: a file without the name of a party would be anybody's. The "-" is the last, as scanf
   wants it. */
#define CONSUMER_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define PARTY_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ._:" CONSUMER_LETTERS
static const char name_default[] = "default";

bool position_is_of (const struct position *self, const char *party, const char *consumer)
{
    return (!*self->party || strcmp (self->party, party) == 0) &&
           strcmp (*self->consumer ? self->consumer : name_default, *consumer ? consumer : name_default) == 0;
}

static bool is_name (const char *text, const char *letters)
{
    size_t size = strspn (text, letters);
    return size > 0 && size < POSITION_NAME && text[size] == '\0';
}

void position_name (struct position *self, const char *party, const char *consumer)
{
    consumer = *consumer ? consumer : name_default;
    if (!is_name (party, PARTY_LETTERS) || !is_name (consumer, CONSUMER_LETTERS))
        return; /* the registry knows no such one */
    snprintf (self->party, sizeof self->party, "%s", party);
    snprintf (self->consumer, sizeof self->consumer, "%s", consumer);
}

/* A reader must find exactly what the writer prints, so that a damaged file never counts as a position. */

static const char first_line[] = "consent-position 2\nsum ";
enum {
    SUM_SIZE = 2 * crypto_hash_sha256_BYTES,
    BODY = sizeof first_line - 1 + SUM_SIZE + 1, /* where that begins of which the sum is */
};

/* --- Writing ------------------------------------------------------------------------------------------ */

/* Adds to the text, which has room for it. */
static void add (char *text, size_t *size, const char *format, ...) __attribute__ ((format (printf, 3, 4)));
static void add (char *text, size_t *size, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    *size += (size_t)vsnprintf (text + *size, POSITION_SIZE - *size, format, arguments);
    va_end (arguments);
}

static void print_sum (const char *text, size_t size, char sum[SUM_SIZE + 1])
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256 (hash, (const uint8_t *)text, size);
    consent_hex (hash, sizeof hash, sum);
}

size_t position_print (const struct position *self, char text[POSITION_SIZE])
{
    char epoch[2 * sizeof self->epoch + 1], key[NOTE_KEY_TEXT_SIZE], sum[SUM_SIZE + 1];
    const struct log_seen *log = &self->log;
    size_t size = BODY;
    consent_hex (self->epoch, sizeof self->epoch, epoch);
    add (text, &size, "epoch %s\nnumber %" PRIu64 "\n", epoch, self->number);
    if (*self->party)
        add (text, &size, "of %s %s\n", self->party, self->consumer);
    for (size_t i = 0; i < log->keys.count; i++) {
        note_key_write (&log->keys.key[i], key);
        add (text, &size, "log-key %s\n", key);
    }
    if (log->note_size > 0)
        add (text, &size, "seen %" PRId64 "\n", log->at);
    memcpy (text + size, log->note, log->note_size);
    size += log->note_size;
    print_sum (text + BODY, size - BODY, sum);
    memcpy (text, first_line, sizeof first_line - 1);
    memcpy (text + sizeof first_line - 1, sum, SUM_SIZE);
    text[BODY - 1] = '\n';
    return size;
}

int position_write (const struct position *self, const char *path)
{
    char text[POSITION_SIZE];
    return file_replace (path, text, position_print (self, text));
}

/* --- Reading ------------------------------------------------------------------------------------------ */

/* The text of a file of version 1. */
static size_t print_first (const struct position *self, char *text, size_t size)
{
    char epoch[2 * sizeof self->epoch + 1];
    consent_hex (self->epoch, sizeof self->epoch, epoch);
    return (size_t)snprintf (text, size, "consent-position 1\nepoch %s\nnumber %" PRIu64 "\n", epoch,
                             self->number);
}

static bool is_same (const char *text, size_t size, struct bytes raw)
{
    return size == raw.size && memcmp (text, raw.data, size) == 0;
}

/* Reads epoch and number. Returns how many bytes they take; 0: they are not there. */
static size_t parse_place (struct position *self, const char *text)
{
    char epoch[CONSENT_ID_SIZE];
    int taken = 0;
    bool found = sscanf (text, "epoch %32s\nnumber %20" SCNu64 "%n", epoch, &self->number, &taken) == 2 &&
                 consent_unhex (epoch, self->epoch) && text[taken] == '\n';
    return found ? (size_t)taken + 1 : 0;
}

/* Reads the next line if it says whose it is. Returns how many bytes it takes; 0: it does not. */
static size_t parse_owner (struct position *self, const char *text)
{
    int taken = 0;
    bool found = sscanf (text, "of %32[" PARTY_LETTERS "] %32[" CONSUMER_LETTERS "]%n", self->party,
                         self->consumer, &taken) == 2 &&
                 text[taken] == '\n';
    if (!found)
        *self->party = *self->consumer = 0;
    return found ? (size_t)taken + 1 : 0;
}

/* Reads the next line if it is a key. Returns how many bytes it takes; 0: it is none. */
static size_t parse_key (struct log_keys *keys, const char *text)
{
    char key[NOTE_KEY_TEXT_SIZE];
    int begin = 0;
    sscanf (text, "log-key %n", &begin);
    size_t size = begin > 0 ? strcspn (text + begin, "\n") : sizeof key;
    if (size >= sizeof key || text[begin + (int)size] != '\n' || keys->count == LOG_KEYS_KNOWN)
        return 0;
    memcpy (key, text + begin, size);
    key[size] = 0;
    return log_key_text_read (&keys->key[keys->count++], key) ? (size_t)begin + size + 1 : 0;
}

/* The rest: when the note was seen, and the note. */
static bool parse_note (struct log_seen *log, struct bytes rest)
{
    struct note note;
    int taken = 0;
    const char *text = rest.data;
    if (rest.size == 0)
        return log->keys.count == 0;
    if (sscanf (text, "seen %20" SCNd64 "%n", &log->at, &taken) != 1 || text[taken] != '\n')
        return false;
    struct bytes raw = {text + taken + 1, rest.size - (size_t)taken - 1};
    if (log->keys.count == 0 || log_note_read (raw, &note, &log->checkpoint) != NULL)
        return false;
    memcpy (log->note, raw.data, raw.size);
    log->note_size = raw.size;
    return true;
}

/* `text` ends in a NUL. */
static bool parse_second (struct position *self, const char *text, size_t size)
{
    size_t at = BODY, taken = size > at ? parse_place (self, text + at) : 0;
    if (taken == 0)
        return false;
    taken += parse_owner (self, text + at + taken);
    do {
        at += taken;
        taken = parse_key (&self->log.keys, text + at);
    } while (taken > 0);
    return parse_note (&self->log, (struct bytes){text + at, size - at});
}

int position_parse (struct position *self, struct bytes raw)
{
    char *again = allocate (1, POSITION_SIZE), *text = allocate (1, raw.size + 1);
    static const char earlier[] = "consent-position 1\n";
    size_t skip = sizeof earlier - 1;
    memset (self, 0, sizeof *self);
    memcpy (text, raw.data, raw.size);
    bool valid = raw.size <= POSITION_SIZE;
    if (valid && strncmp (text, earlier, skip) == 0)
        valid =
            parse_place (self, text + skip) > 0 && is_same (again, print_first (self, again, POSITION_SIZE), raw);
    else if (valid)
        valid = parse_second (self, text, raw.size) && is_same (again, position_print (self, again), raw);
    if (!valid)
        memset (self, 0, sizeof *self);
    free (again);
    free (text);
    return valid ? 0 : POSITION_INVALID;
}

/* Reads at most POSITION_SIZE + 1 bytes. Returns how many, or -1. */
static ssize_t read_all (int file, char *text)
{
    size_t size = 0;
    ssize_t got;
    while (size <= POSITION_SIZE && (got = read (file, text + size, POSITION_SIZE + 1 - size)) != 0)
        if (got > 0)
            size += (size_t)got;
        else if (errno != EINTR)
            return -1;
    return (ssize_t)size;
}

int position_read (struct position *self, const char *path)
{
    memset (self, 0, sizeof *self);
    int file = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return errno == ENOENT ? POSITION_NONE : errno == ENXIO ? POSITION_INVALID : -errno;
    char *text = allocate (1, POSITION_SIZE + 1);
    struct stat about;
    ssize_t size = fstat (file, &about) < 0 ? -1 : S_ISREG (about.st_mode) ? read_all (file, text) : 0;
    int result = size < 0 ? -errno : position_parse (self, (struct bytes){text, (size_t)size});
    close (file);
    free (text);
    return result;
}
