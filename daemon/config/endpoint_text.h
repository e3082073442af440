/* An endpoint as the configuration writes it: tcp://ADDRESS:PORT or ipc://PATH. */
#pragma once
#include <stdbool.h>

/* What is wrong with the endpoint, in one sentence. NULL: nothing. ADDRESS is an IPv4 address, an IPv6 address in
   brackets, * for all of IPv4, or a network interface of this machine. PORT is 1-65535. A PATH is not empty; its
   length is checked once it is absolute (endpoint_path_wrong). */
const char *endpoint_wrong (const char *endpoint);
/* What is wrong with the absolute path of a socket. */
const char *endpoint_path_wrong (const char *path);
/* The endpoint has an IPv6 address. */
bool endpoint_is_ipv6 (const char *endpoint);
