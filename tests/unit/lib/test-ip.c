/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "ip.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

/* As it is printed; NULL: it is no address. */
static const struct form {
	const char *text, *printed;
} forms[] = {
    {"192.0.2.1", "192.0.2.1"},
    {"0.0.0.0", "0.0.0.0"},
    {"255.255.255.255", "255.255.255.255"},
    {"010.001.08.0099", "10.1.8.99"},
    {"2001:db8::1", "2001:db8::1"},
    {"2001:0DB8:0:0:0:0:0:1", "2001:db8::1"},
    {"::", "::"},
    {"::1", "::1"},
    {"::ffff:192.0.2.1", "192.0.2.1"},
    {"::FFFF:c000:0201", "192.0.2.1"},
    {"64:ff9b::192.0.2.1", "64:ff9b::c000:201"},
    {"::192.0.2.1", "::192.0.2.1"},
    {"", NULL},
    {"1", NULL},
    {"1.2.3", NULL},
    {"1.2.3.", NULL},
    {"1.2.3.4.", NULL},
    {"1.2.3.4.5", NULL},
    {".1.2.3.4", NULL},
    {"1..2.3", NULL},
    {"256.0.0.1", NULL},
    {"127.0.256.7", NULL},
    {"1.2.3.4294967297", NULL},
    {"1.2.3.99999999999999999999", NULL},
    {"1.2.3.-4", NULL},
    {"1.2.3.0x4", NULL},
    {" 1.2.3.4", NULL},
    {"1.2.3.4 ", NULL},
    {"1.2.3.4\n", NULL},
    {"fe80::1%lo", NULL},
    {"1:2:3:4:5:6:7", NULL},
    {"1:2:3:4:5:6:7:8:9", NULL},
    {"1::2::3", NULL},
    {":::", NULL},
    {"12345::", NULL},
    {"[::1]", NULL},
    {"example.org", NULL},
};

static void check_parsed(
    bool parsed, const struct ip *ip, const char *text, const char *printed)
{
	char format[IP_TEXT_SIZE];

	ck_assert_msg(parsed == (printed != NULL), "%s", text);
	if (parsed)
		ck_assert_str_eq(ip_format(ip, format), printed);
}

START_TEST(form)
{
	const char *text = forms[_i].text, *printed = forms[_i].printed;
	bool v6 = strchr(text, ':') != NULL;
	char literal[128];
	struct ip ip;

	check_parsed(ip_parse(&ip, text), &ip, text, printed);
	ck_assert(!ip_parse_literal(&ip, text) || *text == '[');

	snprintf(literal, sizeof literal, "[%s]", text);
	check_parsed(ip_parse_literal(&ip, literal), &ip, literal, printed);
	snprintf(literal, sizeof literal, "[ipV6:%s]", text);
	check_parsed(
	    ip_parse_literal(&ip, literal), &ip, literal, v6 ? printed : NULL);
}
END_TEST

START_TEST(literal)
{
	static const char *const bad[] = {"", "[", "]", "[]", "[[::1]]", "[::1",
	    "::1]", "[::1]x", "x[::1]", "[IPv6:]", "[IPv6::]x", "[IPv6 ::1]",
	    "[IPv4:1.2.3.4]", "[IPv6:IPv6:::1]",
	    "[0000000000000000000000000000000000000000000000000000000::1]"};
	struct ip ip;

	for (int i = 0; i < COUNT(bad); i++)
		ck_assert_msg(!ip_parse_literal(&ip, bad[i]), "%s", bad[i]);
}
END_TEST

START_TEST(socket_address)
{
	static const char *const texts[] = {"192.0.2.1", "2001:db8::1"};
	struct sockaddr_storage address;
	struct ip ip, back;
	socklen_t length;

	for (int i = 0; i < 2; i++) {
		ck_assert(ip_parse(&ip, texts[i]));
		ck_assert_uint_eq(ip_size(&ip), i == 0 ? 4 : 16);
		length = ip_to_sockaddr(&ip, 2525, &address);
		ck_assert_uint_eq(length, i == 0 ? sizeof(struct sockaddr_in)
						 : sizeof(struct sockaddr_in6));
		ck_assert_int_eq(
		    address.ss_family, i == 0 ? AF_INET : AF_INET6);
		/* The port is in the same place in both. */
		ck_assert_uint_eq(
		    ntohs(((struct sockaddr_in *)&address)->sin_port), 2525);
		ck_assert(ip_from_sockaddr(&back, (struct sockaddr *)&address));
		ck_assert(ip_equal(&ip, &back));
	}
	address.ss_family = AF_UNIX;
	ck_assert(!ip_from_sockaddr(&back, (struct sockaddr *)&address));
}
END_TEST

START_TEST(comparison)
{
	static const char *const texts[] = {"0.0.0.0", "::", "192.0.2.1",
	    "192.0.2.2", "2001:db8::1", "c000:201::"};
	struct ip a, b;

	for (int i = 0; i < COUNT(texts); i++)
		for (int j = 0; j < COUNT(texts); j++) {
			ck_assert(ip_parse(&a, texts[i]));
			ck_assert(ip_parse(&b, texts[j]));
			ck_assert_int_eq(ip_equal(&a, &b), i == j);
		}
	ck_assert(ip_parse(&a, "::ffff:0.0.0.0") && ip_parse(&b, "0.0.0.0"));
	ck_assert(ip_equal(&a, &b));
}
END_TEST

static const struct place {
	const char *text;
	bool loopback;
} places[] = {
    {"127.0.0.1", true},
    {"127.0.0.53", true},
    {"127.255.255.255", true},
    {"::1", true},
    {"::ffff:127.0.0.1", true},
    {"126.0.0.1", false},
    {"128.0.0.1", false},
    {"0.0.0.0", false},
    {"::", false},
    {"192.168.0.1", false},
    {"::7f00:1", false},
    {"fe80::1", false},
};

START_TEST(loopback)
{
	struct ip ip;

	ck_assert(ip_parse(&ip, places[_i].text));
	ck_assert_int_eq(ip_is_loopback(&ip), places[_i].loopback);
}
END_TEST

SUITE("ip")
{
	tcase_add_loop_test(tcase, form, 0, COUNT(forms));
	tcase_add_test(tcase, literal);
	tcase_add_test(tcase, socket_address);
	tcase_add_test(tcase, comparison);
	tcase_add_loop_test(tcase, loopback, 0, COUNT(places));
}
