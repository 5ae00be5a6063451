/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "servers/order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

/* Reads "PREFERENCE NAME ADDRESS... ; ..." */
static struct exchangers read_exchangers(const char *text)
{
	struct exchangers exchangers = {0};
	struct exchanger *exchanger = NULL;
	char *copy = strdup(text), *state = NULL;
	char *word = strtok_r(copy, " ", &state);

	for (; word != NULL; word = strtok_r(NULL, " ", &state)) {
		struct ip ip;

		if (strcmp(word, ";") == 0) {
			exchanger = NULL;
		} else if (exchanger == NULL) {
			unsigned preference = (unsigned)strtoul(word, NULL, 10);

			word = strtok_r(NULL, " ", &state);
			exchanger = exchangers_add(
			    &exchangers, strdup(word), preference);
		} else {
			ck_assert(ip_parse(&ip, word));
			exchanger_add_address(exchanger, &ip);
		}
	}
	free(copy);
	return exchangers;
}

/* "PREFERENCE/NAME/ADDRESS ..." */
static const char *show(const struct servers *servers)
{
	static char text[2000];
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < servers->count; i++) {
		const struct server *server = &servers->list[i];
		char ip[IP_TEXT_SIZE];

		ck_assert_uint_eq(server->port, 2525);
		length += (size_t)snprintf(text + length, sizeof text - length,
		    "%s%u/%s/%s", i > 0 ? " " : "",
		    server->exchanger->preference, server->exchanger->name,
		    ip_format(&server->ip, ip));
	}
	return text;
}

static const struct listing plain = {.port = 2525};

/* Lists, then what is left without loops, and without what is own. */
static const struct form {
	const char *exchangers, *own;
	const char *list, *no_loops, *not_own;
} forms[] = {
    {"", "", "", "", ""},
    {"10 a", "", "", "", ""},
    {"10 a 1.1.1.1", "", "10/a/1.1.1.1", "10/a/1.1.1.1", "10/a/1.1.1.1"},
    {"20 b 2.2.2.2 ; 10 a 1.1.1.1", "", "10/a/1.1.1.1 20/b/2.2.2.2",
	"10/a/1.1.1.1 20/b/2.2.2.2", "10/a/1.1.1.1 20/b/2.2.2.2"},
    /* IPv6 and IPv4 take turns. */
    {"0 a 1.1.1.1 1.1.1.2 ::1 ::2", "",
	"0/a/::1 0/a/1.1.1.1 0/a/::2 0/a/1.1.1.2",
	"0/a/::1 0/a/1.1.1.1 0/a/::2 0/a/1.1.1.2",
	"0/a/::1 0/a/1.1.1.1 0/a/::2 0/a/1.1.1.2"},
    {"0 a 1.1.1.1 ; 1 b 1.1.1.2 1.1.1.3 1.1.1.4 ::1", "",
	"0/a/1.1.1.1 1/b/::1 1/b/1.1.1.2 1/b/1.1.1.3 1/b/1.1.1.4", NULL, NULL},
    {"0 a ::1 ::2 ::3 1.1.1.1", "", "0/a/::1 0/a/1.1.1.1 0/a/::2 0/a/::3", NULL,
	NULL},
    /* An address seen twice stays where it was first. */
    {"0 a 1.1.1.1 1.1.1.1 ; 1 b 1.1.1.1 1.1.1.2", "", "0/a/1.1.1.1 1/b/1.1.1.2",
	NULL, NULL},
    {"1 b ::ffff:1.1.1.1 ; 0 a 1.1.1.1 ::1", "", "0/a/::1 0/a/1.1.1.1", NULL,
	NULL},
    /* This machine, and all that are no better than it. */
    {"10 a 1.1.1.1 ; 20 me 9.9.9.9 ; 30 c 3.3.3.3", "9.9.9.9",
	"10/a/1.1.1.1 20/me/9.9.9.9 30/c/3.3.3.3", "10/a/1.1.1.1",
	"10/a/1.1.1.1 30/c/3.3.3.3"},
    {"10 me 9.9.9.9 ; 20 c 3.3.3.3", "9.9.9.9 8.8.8.8",
	"10/me/9.9.9.9 20/c/3.3.3.3", "", "20/c/3.3.3.3"},
    {"5 a 1.1.1.1 ; 10 b 2.2.2.2 9.9.9.9 ::2 ; 20 c 3.3.3.3 ; 30 d 8.8.8.8",
	"8.8.8.8 9.9.9.9",
	"5/a/1.1.1.1 10/b/::2 10/b/2.2.2.2 10/b/9.9.9.9 20/c/3.3.3.3 "
	"30/d/8.8.8.8",
	"5/a/1.1.1.1", "5/a/1.1.1.1 10/b/::2 10/b/2.2.2.2 20/c/3.3.3.3"},
    {"0 me ::1", "::1", "0/me/::1", "", ""},
    {"0 me 9.9.9.9", "::ffff:9.9.9.9", "0/me/9.9.9.9", "", ""},
    {"65535 a 1.1.1.1 ; 0 b 2.2.2.2", "9.9.9.9", "0/b/2.2.2.2 65535/a/1.1.1.1",
	"0/b/2.2.2.2 65535/a/1.1.1.1", "0/b/2.2.2.2 65535/a/1.1.1.1"},
};

START_TEST(rules)
{
	const struct form *form = &forms[_i];
	struct servers servers = {
	    .exchangers = read_exchangers(form->exchangers)};
	struct exchangers own = {0};
	struct local local;
	char text[100];

	snprintf(text, sizeof text, "0 own %s", form->own);
	own = read_exchangers(text);
	local_set(&local, own.list[0].addresses, own.list[0].address_count);
	order_exchangers(&servers.exchangers, 1);
	order_servers(&servers, &plain);
	ck_assert_str_eq(show(&servers), form->list);
	order_drop_loops(&servers, &local);
	ck_assert_str_eq(
	    show(&servers), form->no_loops ? form->no_loops : form->list);

	order_servers(&servers, &plain);
	order_drop_own(&servers, &local);
	ck_assert_str_eq(
	    show(&servers), form->not_own ? form->not_own : form->list);
}
END_TEST

/* This machine stands at a preference that it shares. */
START_TEST(shared_preference)
{
	struct local local;
	struct ip own;
	bool seen[2] = {false, false};

	ck_assert(ip_parse(&own, "9.9.9.9"));
	local_set(&local, &own, 1);
	for (uint64_t seed = 0; seed < 50; seed++) {
		struct servers servers = {
		    .exchangers = read_exchangers(
			"10 a 1.1.1.1 ; 10 me 9.9.9.9 ; 5 b 2.2.2.2")};
		struct exchanger *list = servers.exchangers.list;

		order_exchangers(&servers.exchangers, seed);
		seen[strcmp(list[1].name, "me") == 0] = true;
		order_servers(&servers, &plain);
		order_drop_loops(&servers, &local);
		ck_assert_str_eq(show(&servers), "5/b/2.2.2.2");
	}
	ck_assert(seen[0] && seen[1]);
}
END_TEST

/* Seeds one after another give all orders of three alike: 1000 +- 160. */
START_TEST(random_order)
{
	int counts[27] = {0}, orders = 0;

	for (uint64_t seed = 0; seed < 6000; seed++) {
		struct exchangers exchangers = {0};
		int order = 0;
		char name[3][2] = {"0", "1", "2"};
		char first[] = "first", last[] = "last";

		exchangers_add(&exchangers, last, 11);
		for (int i = 0; i < 3; i++)
			exchangers_add(&exchangers, name[i], 10);
		exchangers_add(&exchangers, first, 9);
		order_exchangers(&exchangers, seed + (uint64_t)_i * 1000003);
		ck_assert_str_eq(exchangers.list[0].name, "first");
		ck_assert_str_eq(exchangers.list[4].name, "last");
		for (int i = 1; i < 4; i++)
			order = order * 3 + (*exchangers.list[i].name - '0');
		counts[order]++;
		free(exchangers.list);
	}
	for (int i = 0; i < COUNT(counts); i++) {
		if (counts[i] == 0)
			continue;
		orders++;
		ck_assert_int_gt(counts[i], 840);
		ck_assert_int_lt(counts[i], 1160);
	}
	ck_assert_int_eq(orders, 6);
}
END_TEST

/* The seed, and nothing else, determines the order. */
START_TEST(same_seed)
{
	const char *text = "1 a ; 1 b ; 1 c ; 1 d ; 1 e ; 1 f ; 0 g ; 0 h";

	for (uint64_t seed = 0; seed < 20; seed++) {
		struct exchangers one = read_exchangers(text);
		struct exchangers two = read_exchangers(text);

		order_exchangers(&one, seed);
		order_exchangers(&two, seed);
		for (size_t i = 0; i < one.count; i++)
			ck_assert_str_eq(one.list[i].name, two.list[i].name);
	}
}
END_TEST

/* IPv4 first, and an address once for each name. */
static const struct way {
	struct listing listing;
	const char *exchangers, *list;
} ways[] = {
    {{.port = 2525, .v4_first = true}, "0 a ::1 ::2 1.1.1.1 1.1.1.2 1.1.1.3",
	"0/a/1.1.1.1 0/a/::1 0/a/1.1.1.2 0/a/::2 0/a/1.1.1.3"},
    {{.port = 2525, .v4_first = true}, "0 a ::1 ; 1 b 1.1.1.1 ::1",
	"0/a/::1 1/b/1.1.1.1"},
    {{.port = 2525, .by_name = true},
	"0 a 1.1.1.1 1.1.1.1 ; 1 b 1.1.1.1 ; 2 a 1.1.1.1 ; 3 c ::1",
	"0/a/1.1.1.1 1/b/1.1.1.1 3/c/::1"},
    {{.port = 2525, .v4_first = true, .by_name = true},
	"0 a ::1 1.1.1.1 ; 1 b ::1 1.1.1.1",
	"0/a/1.1.1.1 0/a/::1 1/b/1.1.1.1 1/b/::1"},
};

START_TEST(ways_to_list)
{
	struct servers servers = {
	    .exchangers = read_exchangers(ways[_i].exchangers)};

	order_servers(&servers, &ways[_i].listing);
	ck_assert_str_eq(show(&servers), ways[_i].list);
}
END_TEST

/* Thirty are kept, of those that are neither doubles nor loops. */
START_TEST(best)
{
	struct servers servers = {0};
	struct local local = {.loopback = true};

	for (int i = 0; i < 50; i++) {
		char text[40];
		struct exchanger *added;
		struct ip ip;

		snprintf(text, sizeof text, "1.1.1.%d", i / 2);
		ck_assert(ip_parse(&ip, text));
		added = exchangers_add(
		    &servers.exchangers, strdup("a"), (unsigned)i);
		exchanger_add_address(added, &ip);
		snprintf(text, sizeof text, "::1:%d", i / 2);
		ck_assert(ip_parse(&ip, text));
		exchanger_add_address(added, &ip);
	}
	order_servers(&servers, &plain);
	ck_assert_uint_eq(servers.count, 50);
	order_drop_loops(&servers, &local);
	order_keep_best(&servers);
	ck_assert_uint_eq(servers.count, 30);
	ck_assert_uint_eq(servers.list[29].exchanger->preference, 28);
	order_keep_best(&servers);
	ck_assert_uint_eq(servers.count, 30);
}
END_TEST

SUITE("order")
{
	tcase_add_loop_test(tcase, rules, 0, COUNT(forms));
	tcase_add_test(tcase, shared_preference);
	tcase_add_loop_test(tcase, random_order, 0, 3);
	tcase_add_test(tcase, same_seed);
	tcase_add_loop_test(tcase, ways_to_list, 0, COUNT(ways));
	tcase_add_test(tcase, best);
}
