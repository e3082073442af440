#include "uri.h"

#include <string.h>

bool uri_is_absolute (const char *text)
{
    size_t scheme = strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789+.-");
    return scheme > 0 && text[scheme] == ':' && text[scheme + 1] &&
           strspn (text,
                   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&'()*+,;=%") ==
               strlen (text);
}
