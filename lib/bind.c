/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "bind.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool bind_to(int descriptor, const struct ip *ip)
{
	struct sockaddr_storage address;
	socklen_t length = ip_to_sockaddr(ip, 0, &address);

	return bind(descriptor, (struct sockaddr *)&address, length) == 0;
}

/* Whether it stands for all here, or a group, whatever routes there are. */
static bool is_of_several(const struct ip *ip)
{
	static const unsigned char everybody[] = {255, 255, 255, 255};

	if (ip->version == 6)
		return ip->octets[0] == 0xff;
	return (ip->octets[0] & 0xf0) == 0xe0 ||
	       memcmp(ip->octets, everybody, sizeof everybody) == 0;
}

/*
 * Returns an error number.  bind(2) takes the broadcast addresses of networks
 * as well, but connect(2) does not, which for datagrams sends nothing.
 */
static int try_address(int descriptor, const struct ip *ip)
{
	struct sockaddr_storage address;
	socklen_t length = ip_to_sockaddr(ip, 0, &address);
	const struct sockaddr *own = (const struct sockaddr *)&address;

	if (descriptor < 0 || bind(descriptor, own, length) != 0)
		return errno;
	if (connect(descriptor, own, length) != 0 && errno == EACCES)
		return EADDRNOTAVAIL;
	return 0;
}

bool bind_check(const struct ip *ip)
{
	int family = ip->version == 4 ? AF_INET : AF_INET6, descriptor, error;

	if (is_of_several(ip)) {
		errno = EADDRNOTAVAIL;
		return false;
	}
	descriptor = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	error = try_address(descriptor, ip);
	if (descriptor >= 0)
		close(descriptor);
	errno = error;
	return error == 0;
}
