#include "proof_file.h"
#include <stdio.h>
#include <string.h>
#include "lines.h"

static const char first_line[] = "c2sp.org/tlog-proof@v1";

static bool refuse (const char **fault, const char *why)
{
    *fault = why;
    return false;
}

/* The line begins with this word and a space; *value is what follows. */
static bool has_word (struct bytes line, const char *word, struct bytes *value)
{
    size_t size = strlen (word);
    if (line.size <= size || memcmp (line.data, word, size) != 0)
        return false;
    *value = (struct bytes){(const char *)line.data + size, line.size - size};
    return true;
}

static bool is_base64 (struct bytes value)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    for (size_t i = 0; i < value.size; i++)
        if (memchr (digits, ((const char *)value.data)[i], sizeof digits - 1) == NULL)
            return false;
    return value.size % 4 == 0 && value.size <= PROOF_EXTRA_SIZE;
}

static bool read_head (struct proof_file *self, struct bytes *rest, const char **fault)
{
    struct bytes line, value;
    if (!lines_next (rest, &line) || line.size != sizeof first_line - 1 ||
        memcmp (line.data, first_line, line.size) != 0)
        return refuse (fault, "does not begin with c2sp.org/tlog-proof@v1");
    if (!lines_next (rest, &line))
        return refuse (fault, "has no index");
    if (has_word (line, "extra ", &self->extra)) {
        if (!is_base64 (self->extra))
            return refuse (fault, "has an extra that is no base64, or longer than it may be");
        if (!lines_next (rest, &line))
            return refuse (fault, "has no index");
    }
    return (has_word (line, "index ", &value) && lines_number (value, &self->index)) ||
           refuse (fault, "has no index, in decimal and less than 2^63");
}

bool proof_file_read (struct proof_file *self, struct bytes raw, const char **fault)
{
    struct bytes rest = raw, line;
    *self = (struct proof_file){0};
    if (raw.size > PROOF_FILE_SIZE)
        return refuse (fault, "is longer than a proof may be");
    if (!read_head (self, &rest, fault))
        return false;
    for (;;) {
        if (!lines_next (&rest, &line))
            return refuse (fault, "has no checkpoint");
        if (line.size == 0)
            break;
        if (self->path_count == MERKLE_LEVELS)
            return refuse (fault, "has more hashes than a proof may have");
        if (!lines_hash (line, &self->path[self->path_count++]))
            return refuse (fault, "has a line that is no hash");
    }
    self->checkpoint = rest;
    return rest.size > 0 || refuse (fault, "has no checkpoint");
}

size_t proof_file_write (const struct proof_file *self, char *text, size_t size)
{
    bool has_extra = self->extra.size > 0;
    int head = snprintf (text, size, "%s\n%s%.*s%sindex %llu\n", first_line, has_extra ? "extra " : "",
                         (int)self->extra.size, has_extra ? (const char *)self->extra.data : "",
                         has_extra ? "\n" : "", (unsigned long long)self->index);
    size_t at = head > 0 ? (size_t)head : size;
    size_t needed = at + self->path_count * LINES_HASH_SIZE + 1 + self->checkpoint.size;
    if (at >= size || needed >= size)
        return 0;
    for (size_t i = 0; i < self->path_count; i++, at += LINES_HASH_SIZE) {
        lines_put_hash (&self->path[i], text + at);
        text[at + LINES_HASH_SIZE - 1] = '\n';
    }
    text[at++] = '\n';
    memcpy (text + at, self->checkpoint.data, self->checkpoint.size);
    text[needed] = 0;
    return needed;
}

bool proof_file_holds (const struct proof_file *self, const struct checkpoint *checkpoint, struct bytes entry)
{
    struct merkle_hash leaf = merkle_leaf (entry);
    struct merkle_path path = {self->path, self->path_count};
    return merkle_includes (self->index, (struct merkle_range){0, checkpoint->size}, &leaf, path,
                            &checkpoint->root);
}
