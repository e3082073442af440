/* Lines that are sent with each request to a collector. Those of a file may be secret: they are never printed. */
#pragma once
#include <curl/curl.h>
#include <stdbool.h>

struct collector_headers {
    struct curl_slist *list; /* those of OTLP first */
    char *secret;            /* the text of the file; NULL: none */
};

/* `path`: a file that only its owner may read, with lines "Name: value"; NULL: none. 0, or an exit code with its
   line printed. End it with collector_headers_free in any case. */
int collector_headers_read (struct collector_headers *self, const char *path);
/* The value of one of the file's lines is in this text. */
bool collector_headers_are_in (const struct collector_headers *self, const char *text);
void collector_headers_free (struct collector_headers *self);
