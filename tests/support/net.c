/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "net.h"

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ADDRESSES = 4 };

static void write_map(const char *file, const char *text)
{
	int descriptor = open(file, O_WRONLY | O_CLOEXEC);

	if (descriptor == -1 ||
	    write(descriptor, text, strlen(text)) != (ssize_t)strlen(text))
		err(99, "%s", file);
	close(descriptor);
}

/* Who is not root can be so in a name space of users. */
static bool leave(void)
{
	char user[32], group[32];

	snprintf(user, sizeof user, "%u %u 1", getuid(), getuid());
	snprintf(group, sizeof group, "%u %u 1", getgid(), getgid());
	if (unshare(CLONE_NEWNET) == 0)
		return true;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
		return false;
	write_map("/proc/self/setgroups", "deny");
	write_map("/proc/self/uid_map", user);
	write_map("/proc/self/gid_map", group);
	return true;
}

static void set_up(int socket, const char *name, const char *address)
{
	struct ifreq request = {.ifr_flags = IFF_UP | IFF_RUNNING};
	struct sockaddr_in *ip = (struct sockaddr_in *)&request.ifr_addr;

	snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
	if (address == NULL) {
		if (ioctl(socket, SIOCSIFFLAGS, &request) != 0)
			err(99, "net: %s", name);
		return;
	}
	*ip = (struct sockaddr_in){.sin_family = AF_INET};
	inet_pton(AF_INET, address, &ip->sin_addr);
	if (ioctl(socket, SIOCSIFADDR, &request) != 0)
		err(99, "net: %s", address);
}

bool net_make_private(void)
{
	int descriptor;

	if (!leave())
		return false;
	descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (descriptor == -1)
		err(99, "net: socket");
	set_up(descriptor, "lo", NULL);
	for (int i = 1; i <= ADDRESSES; i++) {
		char name[IFNAMSIZ], address[INET_ADDRSTRLEN];

		snprintf(name, sizeof name, "lo:%d", i);
		snprintf(address, sizeof address, "192.0.2.%d", i);
		set_up(descriptor, name, address);
	}
	close(descriptor);
	return true;
}
