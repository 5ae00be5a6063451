/* SPDX-License-Identifier: ISC */
/*
 * Answers of the DNS: the input is a whole message.  What comes out of it is
 * names that can be looked up, and addresses that stand in the message.
 */
#include "config.h"

#include "fuzz.h"

#include <ares.h>
#include <stdlib.h>
#include <string.h>

#include "dns/answer.h"
#include "dns/domain.h"
#include "ip.h"

enum {
	FLAGS_OFFSET = 2,
	FLAG_TRUNCATED = 0x02,
	CODE_OFFSET = 3,
	CODE_MASK = 0x0f
};

/* Truncated, or with a response code that is an error. */
static bool is_no_answer(const uint8_t *bytes, size_t size)
{
	return size > CODE_OFFSET && ((bytes[FLAGS_OFFSET] & FLAG_TRUNCATED) ||
					 (bytes[CODE_OFFSET] & CODE_MASK));
}

static void check_exchangers(const uint8_t *bytes, size_t size)
{
	struct exchangers exchangers = {0};
	enum answer answer =
	    answer_exchangers(ARES_SUCCESS, bytes, size, &exchangers);

	FUZZ_CHECK(answer == ANSWER_DATA || exchangers.count == 0);
	FUZZ_CHECK(answer == ANSWER_FAILED || !is_no_answer(bytes, size));
	for (size_t i = 0; i < exchangers.count; i++) {
		struct exchanger *exchanger = &exchangers.list[i];
		struct failure failure;
		struct ip ip;
		char *lower;

		FUZZ_CHECK(exchanger->preference <= UINT16_MAX);
		FUZZ_CHECK(exchanger->address_count == 0);
		FUZZ_CHECK(domain_is_ascii_name(exchanger->name));
		FUZZ_CHECK(!ip_parse(&ip, exchanger->name));
		lower = domain_to_ascii(exchanger->name, &failure);
		FUZZ_CHECK(strcmp(lower, exchanger->name) == 0);
		free(lower);
		free(exchanger->name);
	}
	free(exchangers.list);
}

static void check_addresses(const uint8_t *bytes, size_t size, int family)
{
	struct exchanger exchanger = {0};
	enum answer answer =
	    answer_addresses(ARES_SUCCESS, bytes, size, family, &exchanger);

	FUZZ_CHECK(answer != ANSWER_NULL_MX);
	FUZZ_CHECK((answer == ANSWER_DATA) == (exchanger.address_count > 0));
	FUZZ_CHECK(answer == ANSWER_FAILED || !is_no_answer(bytes, size));
	for (size_t i = 0; i < exchanger.address_count; i++) {
		const struct ip *ip = &exchanger.addresses[i];

		FUZZ_CHECK(ip->version == 4 || family == AF_INET6);
		FUZZ_CHECK(
		    memmem(bytes, size, ip->octets, ip_size(ip)) != NULL);
	}
	free(exchanger.addresses);
}

int FUZZ_TARGET(answer)(const uint8_t *bytes, size_t size)
{
	check_exchangers(bytes, size);
	check_addresses(bytes, size, AF_INET);
	check_addresses(bytes, size, AF_INET6);
	return 0;
}
