#include "identifier.h"

#include <string.h>

void consent_hex (const void *data, size_t size, char *text)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    text[2 * size] = 0;
}

static int digit (char letter)
{
    const char *digits = "0123456789abcdef";
    if (letter >= 'A' && letter <= 'F')
        letter = (char)(letter - 'A' + 'a');
    const char *found = letter ? strchr (digits, letter) : NULL;
    return found ? (int)(found - digits) : -1;
}

bool consent_unhex (const char *text, uint8_t id[16])
{
    if (!text || strlen (text) != 2 * ID_BYTES)
        return false;
    for (size_t i = 0; i < ID_BYTES; i++) {
        int high = digit (text[2 * i]), low = digit (text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        id[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

void identifier_print (const ProtobufCBinaryData *id, char text[CONSENT_ID_SIZE])
{
    consent_hex (id->data, id->len == ID_BYTES ? ID_BYTES : 0, text);
}
