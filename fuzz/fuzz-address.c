/* SPDX-License-Identifier: ISC */
/*
 * Addresses: the quoted form says the same as the address and is a path of
 * RFC 5321, and none goes out that would end its command early.
 */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "dns/domain.h"
#include "model.h"
#include "mail/refusal.h"

/*
 * Reads a local part, in quotes or not, into local, and returns what follows
 * it; NULL when there is none.
 */
static const char *read_local(const char *path, char *local)
{
	bool quoted = *path == '"';
	const char *at = path + quoted;

	for (; *at != (quoted ? '"' : '@'); at++) {
		if (*at == '\\' && quoted)
			at++;
		else if (!quoted && strchr(" \t\"(),:;<>[\\]", *at) != NULL)
			return NULL;
		if (*at == '\0')
			return NULL;
		*local++ = *at;
	}
	*local = '\0';
	return at + quoted;
}

static void check_quoting(const char *address)
{
	const char *domain = address_domain(address);
	char *quoted = address_quote(address);
	char *local = malloc(strlen(quoted) + 1);
	const char *rest;

	FUZZ_CHECK(local != NULL);
	if (domain == NULL) {
		FUZZ_CHECK(strcmp(quoted, address) == 0);
	} else {
		size_t length = (size_t)(domain - 1 - address);

		rest = read_local(quoted, local);
		FUZZ_CHECK(rest != NULL && *rest == '@');
		FUZZ_CHECK(strcmp(rest + 1, domain) == 0);
		FUZZ_CHECK(strlen(local) == length);
		FUZZ_CHECK(memcmp(local, address, length) == 0);
	}
	free(local);
	free(quoted);
}

static void check_refusal(
    const char *address, enum refusal_role role, enum refusal_utf8 utf8)
{
	enum refusal refusal = refusal_of(address, role, utf8);
	bool foreign = model_is_foreign(address, strlen(address));
	bool valid = model_is_utf8(address, strlen(address));
	struct failure failure;
	char *quoted;

	if (refusal != REFUSAL_NONE) {
		refusal_fail(&failure, refusal, role, address);
		fuzz_check_text(failure.text);
		free(failure.text);
		return;
	}
	quoted = address_quote(address);
	FUZZ_CHECK(strpbrk(quoted, "\r\n") == NULL);
	FUZZ_CHECK(strlen(quoted) + strlen("RCPT TO:<>\r\n") <= 512);
	FUZZ_CHECK(valid && (utf8 == REFUSAL_UTF8_USED || !foreign));
	free(quoted);
}

static void check_domain(const char *address)
{
	const char *domain = address_domain(address);
	char *ascii, *again, *changed;
	struct failure failure;

	if (domain == NULL)
		return;
	ascii = domain_to_ascii(domain, &failure);
	if (ascii == NULL)
		return;
	FUZZ_CHECK(domain_is_ascii_name(ascii));
	again = domain_to_ascii(ascii, &failure);
	FUZZ_CHECK(again != NULL && strcmp(again, ascii) == 0);
	changed = address_with_domain(address, ascii);
	FUZZ_CHECK(strcmp(address_domain(changed), ascii) == 0);
	FUZZ_CHECK(!address_has_foreign_domain(changed));
	free(changed);
	free(again);
	free(ascii);
}

int FUZZ_TARGET(address)(const uint8_t *bytes, size_t size)
{
	struct fuzz_input input = fuzz_input(bytes, size);
	char *address = fuzz_text(&input);

	check_quoting(address);
	for (int i = REFUSAL_UTF8_MISSING; i <= REFUSAL_UTF8_USED; i++) {
		enum refusal_utf8 utf8 = (enum refusal_utf8)i;

		check_refusal(address, REFUSAL_SENDER, utf8);
		check_refusal(address, REFUSAL_RECIPIENT, utf8);
	}
	check_domain(address);
	free(address);
	return 0;
}
