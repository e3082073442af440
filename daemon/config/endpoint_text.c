#include "endpoint_text.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>
#include <sys/un.h>

enum { ADDRESS_LIMIT = 64 };

static const char form[] = "an endpoint is tcp://address:port or ipc://path";

static bool is_port (const char *text)
{
    size_t length = strspn (text, "0123456789");
    unsigned port = 0;
    if (length == 0 || length > 5 || text[length] != '\0' || text[0] == '0')
        return false;
    for (const char *at = text; *at; at++)
        port = port * 10 + (unsigned)(*at - '0');
    return port <= 65535;
}

static const char *address_wrong (const char *address)
{
    struct in_addr v4;
    struct in6_addr v6;
    char inner[ADDRESS_LIMIT];
    size_t length = strlen (address);
    if (strcmp (address, "*") == 0 || inet_pton (AF_INET, address, &v4) == 1)
        return NULL;
    if (address[0] == '[') {
        if (length < 3 || address[length - 1] != ']')
            return "an IPv6 address stands in brackets: tcp://[::1]:7511";
        memcpy (inner, address + 1, length - 2);
        inner[length - 2] = '\0';
        return inet_pton (AF_INET6, inner, &v6) == 1 ? NULL : "what is in the brackets is no IPv6 address";
    }
    if (strchr (address, ':') != NULL)
        return "it has more than one colon: an IPv6 address stands in brackets, and several endpoints are "
               "separated "
               "by spaces";
    if (length < IF_NAMESIZE && if_nametoindex (address) != 0)
        return NULL;
    return "its address is neither an IP address, nor *, nor a network interface of this machine";
}

static const char *tcp_wrong (const char *rest)
{
    char address[ADDRESS_LIMIT];
    const char *colon = strrchr (rest, ':');
    if (colon == NULL || colon == rest)
        return form;
    if (!is_port (colon + 1))
        return "its port is not a number from 1 to 65535";
    if ((size_t)(colon - rest) >= sizeof address)
        return "its address is too long";
    memcpy (address, rest, (size_t)(colon - rest));
    address[colon - rest] = '\0';
    return address_wrong (address);
}

const char *endpoint_wrong (const char *endpoint)
{
    if (strncmp (endpoint, "tcp://", 6) == 0)
        return tcp_wrong (endpoint + 6);
    if (strncmp (endpoint, "ipc://", 6) != 0 || endpoint[6] == '\0')
        return form;
    if (endpoint[strlen (endpoint) - 1] == '/')
        return "a socket is a file, and this names a directory";
    return strstr (endpoint + 6, "://") != NULL ? "several endpoints are separated by spaces" : NULL;
}

const char *endpoint_path_wrong (const char *path)
{
    if (strchr (path, ' ') != NULL) /* blanks separate endpoints */
        return "a socket cannot be in a directory with a blank in its name";
    if (strlen (path) >= sizeof ((struct sockaddr_un *)0)->sun_path)
        return "the path of a socket is at most 107 bytes";
    return NULL;
}

bool endpoint_is_ipv6 (const char *endpoint)
{
    return strncmp (endpoint, "tcp://[", 7) == 0;
}
