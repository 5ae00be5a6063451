/* SPDX-License-Identifier: ISC */
/*
 * The tests' DNS server by itself, to try clients by hand: answers from the
 * zone in a file, which tests/support/dns.h describes, and prints what was
 * asked when its standard input ends.
 */
#include "config.h"

#include <err.h>
#include <stdio.h>

#include "bytes.h"
#include "dns.h"

static void read_zone(const char *path, struct bytes *zone)
{
	FILE *file = fopen(path, "r");
	char chunk[4096];
	size_t size;

	if (file == NULL)
		err(1, "%s", path);
	while ((size = fread(chunk, 1, sizeof chunk, file)) > 0)
		bytes_add(zone, chunk, size);
	if (ferror(file))
		err(1, "%s", path);
	fclose(file);
}

int main(int argc, char **argv)
{
	struct bytes zone = {0};
	struct dns *dns;

	if (argc != 2) {
		fprintf(stderr, "usage: %s ZONE\n", argv[0]);
		return 2;
	}
	read_zone(argv[1], &zone);
	bytes_add(&zone, "", 1);
	dns = dns_start(zone.data, NULL);
	puts(dns_address(dns));
	fflush(stdout);
	while (getchar() != EOF)
		continue;
	dns_log_print(dns, stdout);
	dns_stop(dns);
	bytes_free(&zone);
	return 0;
}
