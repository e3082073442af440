#include "copy_text.h"
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include "audit/log.h"
#include "merkle/lines.h"
#include "text/timestamp.h"

static const char base64_signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

static size_t put_base64 (char *to, struct bytes line)
{
    size_t room = sodium_base64_encoded_len (line.size, sodium_base64_VARIANT_ORIGINAL);
    sodium_bin2base64 (to, room, line.data, line.size, sodium_base64_VARIANT_ORIGINAL);
    return room - 1;
}

size_t copy_text_write (char *to, uint64_t number, struct bytes line)
{
    size_t size = (size_t)sprintf (to, "%" PRIu64 " ", number);
    size += put_base64 (to + size, line);
    to[size++] = '\n';
    return size;
}

bool copy_text_read (struct bytes text, uint64_t *number, uint8_t *to, size_t *size)
{
    const char *space = text.size > 0 ? memchr (text.data, ' ', text.size) : NULL;
    if (space == NULL)
        return false;
    struct bytes first = {text.data, (size_t)(space - (const char *)text.data)};
    struct bytes second = {space + 1, text.size - first.size - 1};
    return lines_number (first, number) && lines_base64 (second, to, text.size, size) && *size > 0;
}

bool copy_text_is_part (struct bytes text, uint64_t number)
{
    char begin[32];
    const char *at = text.data, *end = at + text.size;
    size_t size = (size_t)snprintf (begin, sizeof begin, "%" PRIu64 " ", number);
    for (size_t i = 0; at < end && i < size && *at == begin[i]; i++)
        at++;
    if (at == (const char *)text.data + size)
        while (at < end && *at != '\0' && strchr (base64_signs, *at) != NULL)
            at++;
    while (at < end && *at == '\0')
        at++;
    return at == end;
}

/* The facility "log audit" and the severity "informational". */
enum { PRIORITY = 13 * 8 + 6 };

size_t copy_text_syslog (char *to, const struct copy_sender *sender, uint64_t number, struct bytes line)
{
    char time[TIMESTAMP_SIZE];
    struct audit_head head;
    if (!audit_read_numbers (line, &head) || !timestamp_print (head.time, time))
        strcpy (time, "-");
    size_t size = (size_t)sprintf (to, "<%d>1 %s %s consentd - line [line@%u number=\"%" PRIu64 "\" line=\"",
                                   PRIORITY, time, sender->host, sender->enterprise, number);
    size += put_base64 (to + size, line);
    return size + (size_t)sprintf (to + size, "\"]\n");
}
