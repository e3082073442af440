/* The command line of consent-relay. */
#pragma once
#include "relay.h"

enum { USER_FILE_SIZE = 1024 };

struct options {
    struct relay_order order;
    const char *user_file;
    char user[USER_FILE_SIZE + 1]; /* its text, which `order` points into */
};

/* 0 to go on, -1 if everything is said already, or an exit code, with a sentence on stderr. */
int options_parse (struct options *self, int argc, char **argv);
