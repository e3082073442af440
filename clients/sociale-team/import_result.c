#include "import_result.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sysexits.h>
#include <unistd.h>
#include "call.h"
#include "codec/document.h"
#include "config/file_write.h"
#include "moments.h"

enum { RESULT_VERSION = 1, GROUP = 1 << 18 };

struct import_result {
    int fd;
    uint64_t known, durable;
    uint64_t counts[IMPORT_OUTCOMES];
    uint8_t *passed_over;        /* a bit for each record */
    bool is_other;               /* it was begun under another key */
    moment began;                /* when the file was made; 0: in this run */
    moment times[IMPORT_WINDOW]; /* of the last lines that were read, by number of their record */
    char *group;                 /* put, and not yet written */
    size_t group_size;
};

const char *import_outcome_word (enum import_outcome outcome)
{
    static const char *const words[IMPORT_OUTCOMES] = {"accepted",  "refused", "bad",
                                                       "duplicate", "unknown", "unavailable"};
    return words[outcome];
}

static int fail (char error[IMPORT_RESULT_ERROR], int code, const char *words)
{
    snprintf (error, IMPORT_RESULT_ERROR, "%s", words);
    return code;
}

static bool is_text (const json_t *line, const char *name, const char *text)
{
    const char *value = json_string_value (json_object_get (line, name));
    return value && strcmp (value, text) == 0;
}

static bool is_mark (const json_t *head, const uint8_t *mark)
{
    char digits[2 * IMPORT_MARK + 1] = "";
    if (mark)
        consent_hex (mark, IMPORT_MARK, digits);
    return mark && is_text (head, "file", digits);
}

/* 0, or an exit code with its sentence. */
static int read_head (struct import_result *self, const char *text, const struct import_result_of *of, char *error)
{
    json_t *head = json_loads (text, 0, NULL);
    self->is_other = is_mark (head, of->other);
    json_int_t version = json_integer_value (json_object_get (head, "import"));
    const char *began = json_string_value (json_object_get (head, "began"));
    int code = 0;
    if (version != RESULT_VERSION || !began || !moment_parse (began, &self->began))
        code = fail (error, EX_DATAERR, "is there, and is no result of an import");
    else if (!is_text (head, "party", of->party))
        code = fail (error, EX_DATAERR, "is the result of an import by another party");
    else if (!self->is_other && !is_mark (head, of->file))
        code =
            fail (error, EX_DATAERR,
                  "is the result of another file, or the file was changed since: give the changed file a result "
                  "file of its own. Or it was begun under the key before: give that key file as --former-key");
    json_decref (head);
    return code;
}

static bool read_outcome (const json_t *line, enum import_outcome *outcome)
{
    for (*outcome = 0; *outcome < IMPORT_OUTCOMES; (*outcome)++)
        if (is_text (line, "outcome", import_outcome_word (*outcome)))
            return true;
    return false;
}

bool import_result_is_other (const struct import_result *self)
{
    return self->is_other;
}

bool import_result_is_unavailable (const struct import_result *self, uint64_t number)
{
    return number <= self->known && (self->passed_over[number / 8] >> number % 8 & 1) != 0;
}

static void mark (struct import_result *self, uint64_t number, bool is_passed_over)
{
    uint8_t bit = (uint8_t)(1U << number % 8), *byte = &self->passed_over[number / 8];
    *byte = (uint8_t)(is_passed_over ? *byte | bit : *byte & ~bit);
}

/* Counts a line: of the next record, or of one that was passed over. */
static void count (struct import_result *self, uint64_t number, enum import_outcome outcome)
{
    if (number > self->known)
        self->known = number;
    else
        self->counts[IMPORT_UNAVAILABLE]--;
    self->counts[outcome]++;
    mark (self, number, outcome == IMPORT_UNAVAILABLE);
}

/* Counts a line of an earlier run. False: it is none, or not the next one. */
static bool read_line (struct import_result *self, const char *text, const struct import_result_of *of)
{
    json_t *line = json_loads (text, 0, NULL);
    enum import_outcome outcome;
    moment at = 0;
    const char *time = json_string_value (json_object_get (line, "at"));
    json_int_t number = json_integer_value (json_object_get (line, "record"));
    bool is_next = number > 0 && (uint64_t)number == self->known + 1 && (uint64_t)number <= of->records;
    bool is_second = number > 0 && import_result_is_unavailable (self, (uint64_t)number);
    bool is_line = (is_next || is_second) && read_outcome (line, &outcome) && time && moment_parse (time, &at);
    if (is_line) {
        count (self, (uint64_t)number, outcome);
        if (is_next)
            self->times[self->known % IMPORT_WINDOW] = at;
    }
    json_decref (line);
    return is_line;
}

/* Reads what is there, as far as it is whole: *size is where that ends. A last line without its end was being
   written when a run was cut off, and says nothing. 0, or an exit code. */
static int read_all (struct import_result *self, FILE *file, const struct import_result_of *of, off_t *size,
                     char *error)
{
    char *text = NULL;
    size_t room = 0;
    ssize_t length;
    int code = 0;
    for (*size = 0; !code && (length = getline (&text, &room, file)) > 0;) {
        if (text[length - 1] != '\n')
            break;
        if (*size == 0)
            code = read_head (self, text, of, error);
        else if (!read_line (self, text, of))
            code = EX_DATAERR;
        *size += length;
        if (code && *error == '\0')
            snprintf (error, IMPORT_RESULT_ERROR, "line %llu is not what was written there: was it changed?",
                      (unsigned long long)self->known + 2);
    }
    if (!code && *size == 0 && length > 0 &&
        strncmp (text, "{\"import\"", (size_t)length < 9 ? (size_t)length : 9) != 0)
        code = fail (error, EX_DATAERR, "is there, and is no result of an import");
    free (text);
    return code ? code : ferror (file) ? fail (error, EX_IOERR, "cannot be read") : 0;
}

/* Begins the file. It is durable, with its name, before anything is sent. */
static int write_head (struct import_result *self, const char *path, const struct import_result_of *of)
{
    char mark[2 * IMPORT_MARK + 1];
    consent_hex (of->file, IMPORT_MARK, mark);
    json_t *head =
        json_pack ("{s:i, s:s, s:s, s:I, s:o}", "import", RESULT_VERSION, "file", mark, "party", of->party,
                   "records", (json_int_t)of->records, "began", document_time (moment_now ()));
    char *text = document_text (head, 0);
    int r = file_write_all (self->fd, text, strlen (text));
    if (r == 0)
        r = file_write_all (self->fd, "\n", 1);
    free (text);
    if (r == 0 && fsync (self->fd) != 0)
        r = -errno;
    return r ? r : file_sync_directory_of (path);
}

/* Reads what an earlier run left, and takes away what a crash left of its last line. 0, or an exit code. */
static int take_up (struct import_result *self, const char *path, const struct import_result_of *of, char *error)
{
    off_t size = 0;
    int copy = fcntl (self->fd, F_DUPFD_CLOEXEC, 0);
    FILE *file = copy < 0 ? NULL : fdopen (copy, "r");
    if (!file)
        abort ();
    int code = read_all (self, file, of, &size, error);
    fclose (file);
    if (code)
        return code;
    if (ftruncate (self->fd, size) != 0 || lseek (self->fd, size, SEEK_SET) < 0)
        return fail (error, EX_IOERR, strerror (errno));
    int r = size == 0 ? write_head (self, path, of) : 0;
    self->durable = self->known;
    return r ? fail (error, EX_IOERR, strerror (-r)) : 0;
}

int import_result_open (struct import_result **self_p, const char *path, const struct import_result_of *of,
                        char error[IMPORT_RESULT_ERROR])
{
    int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
    *error = '\0';
    if (fd < 0)
        return fail (error, EX_CANTCREAT, strerror (errno));
    if (flock (fd, LOCK_EX | LOCK_NB) != 0) {
        close (fd);
        return fail (error, EX_TEMPFAIL, "another import is writing it");
    }
    struct import_result *self = calloc (1, sizeof *self);
    if (!self || !(self->group = malloc (GROUP)) || !(self->passed_over = calloc (of->records / 8 + 1, 1)))
        abort ();
    self->fd = fd;
    int code = take_up (self, path, of, error);
    if (code)
        import_result_close (&self);
    *self_p = self;
    return code;
}

void import_result_close (struct import_result **self_p)
{
    if (*self_p) {
        close ((*self_p)->fd);
        free ((*self_p)->group);
        free ((*self_p)->passed_over);
    }
    free (*self_p);
    *self_p = NULL;
}

uint64_t import_result_known (const struct import_result *self)
{
    return self->known;
}

uint64_t import_result_durable (const struct import_result *self)
{
    return self->durable;
}

const uint64_t *import_result_counts (const struct import_result *self)
{
    return self->counts;
}

/* A record is sent when the one IMPORT_WINDOW before it has its durable line. So the next one was not sent before
   that line was written. */
moment import_result_sent_since (const struct import_result *self)
{
    bool has_that_line = self->began != 0 && self->known >= IMPORT_WINDOW;
    return has_that_line ? self->times[(self->known + 1) % IMPORT_WINDOW] : self->began;
}

static json_t *make_line (const struct import_line *line)
{
    json_t *object = json_pack ("{s:I, s:I, s:s}", "record", (json_int_t)line->number, "line",
                                (json_int_t)line->line, "outcome", import_outcome_word (line->outcome));
    if (*line->reference)
        json_object_set_new (object, "kenmerk", json_string (line->reference));
    if (line->outcome == IMPORT_ACCEPTED) {
        json_object_set_new (object, "consent_id", json_string (line->consent_id));
        json_object_set_new (object, "refusal", json_boolean (line->is_refusal));
        json_object_set_new (object, "was_known", json_boolean (line->was_known));
    }
    if (line->outcome == IMPORT_DUPLICATE)
        json_object_set_new (object, "same_as", json_integer ((json_int_t)line->same_as));
    if (line->reasons)
        json_object_set (object, "reasons", line->reasons);
    if (line->outcome == IMPORT_BAD)
        json_object_set_new (object, "field", json_string (line->field));
    if (*line->message)
        json_object_set_new (object, "message", document_string (line->message));
    json_object_set_new (object, "at", document_time (moment_now ()));
    return object;
}

static int write_group (struct import_result *self)
{
    int r = file_write_all (self->fd, self->group, self->group_size);
    self->group_size = 0;
    return r;
}

int import_result_put (struct import_result *self, const struct import_line *line)
{
    char *text = document_text (make_line (line), 0);
    size_t size = strlen (text);
    int r = self->group_size + size + 1 > GROUP ? write_group (self) : 0;
    if (r == 0 && size + 1 > GROUP)
        r = -EFBIG; /* no answer of the registry makes one so long */
    if (r == 0) {
        memcpy (self->group + self->group_size, text, size);
        self->group[self->group_size + size] = '\n';
        self->group_size += size + 1;
        count (self, line->number, line->outcome);
    }
    free (text);
    return r;
}

int import_result_sync (struct import_result *self)
{
    int r = write_group (self);
    if (r == 0 && fdatasync (self->fd) != 0)
        r = -errno;
    if (r == 0)
        self->durable = self->known;
    return r;
}
