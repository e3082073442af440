/* Lines that are sent with each request. Those of a file may be secret: they are never printed. */
#pragma once
#include <curl/curl.h>
#include <stdbool.h>
#include "fault.h"

struct post_headers {
    struct curl_slist *list; /* our own first */
    char *secret;            /* the text of the file; NULL: none */
};

/* `type`: of what is sent. `path`: a file that only its owner may read, with lines "Name: value"; NULL: none. 0,
   or the code of *fault. End it with post_headers_free in any case. */
int post_headers_read (struct post_headers *self, const char *type, const char *path, struct fault *fault);
/* The value of one of the file's lines is in this text. */
bool post_headers_are_in (const struct post_headers *self, const char *text);
void post_headers_free (struct post_headers *self);
