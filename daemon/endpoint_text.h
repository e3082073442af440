/* An endpoint as the configuration writes it: tcp://ADDRESS:PORT or ipc://PATH. */
#pragma once
#include <stdbool.h>

/* What is wrong with it, in one sentence; NULL: nothing. ADDRESS is an IPv4 address, an IPv6 address in brackets,
   * for all of IPv4, or a network interface of this machine; PORT is 1-65535. A PATH is not empty: how long it may
   be is known when it is absolute (endpoint_path_wrong). */
const char *endpoint_wrong (const char *endpoint);
/* The same of the absolute path of a socket. */
const char *endpoint_path_wrong (const char *path);
/* Whether it has an IPv6 address. */
bool endpoint_is_ipv6 (const char *endpoint);
