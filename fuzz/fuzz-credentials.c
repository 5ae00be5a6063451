/* SPDX-License-Identifier: ISC */
/*
 * Credentials in the value of a route, which is the input.  The model reads
 * it from the end of the relay on, by what each form may look like.
 */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "route/credentials.h"
#include "xalloc.h"

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

/* The words behind the relay: at most two, or none that make sense. */
struct model {
	char *user, *secret;
	bool good, bearer;
};

static void model_bars(struct model *model, const char *rest)
{
	const char *bar = strchr(rest, '|');

	model->good = bar != NULL;
	if (bar == NULL)
		return;
	model->user = xstrndup(rest, (size_t)(bar - rest));
	model->secret = xstrdup(bar + 1);
}

static void model_blanks(struct model *model, const char *rest)
{
	const char *words[3] = {rest, rest, rest};
	size_t lengths[3] = {0, 0, 0}, count = 0;

	while (is_blank(*rest))
		rest++;
	for (; *rest != '\0' && count < 3; count++) {
		words[count] = rest;
		while (*rest != '\0' && !is_blank(*rest))
			rest++;
		lengths[count] = (size_t)(rest - words[count]);
		while (is_blank(*rest))
			rest++;
	}
	model->good = count == 2;
	model->user = xstrndup(words[0], lengths[0]);
	model->secret = xstrndup(words[1], lengths[1]);
}

static bool is_harmless(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 127)
			return false;
	return true;
}

static struct model model_read(const char *value, size_t relay)
{
	struct model model = {0};

	if (value[relay] == '|')
		model_bars(&model, value + relay + 1);
	else
		model_blanks(&model, value + relay + 1);
	model.good = model.good && relay > 0 && *model.user != '\0' &&
		     *model.user != '#' && is_harmless(model.user) &&
		     is_harmless(model.secret);
	if (model.good && strncmp(model.secret, "bearer:", 7) == 0) {
		model.bearer = true;
		memmove(model.secret, model.secret + 7,
		    strlen(model.secret + 7) + 1);
	}
	model.good = model.good && *model.secret != '\0';
	return model;
}

/* A report is one of ours, whatever the value. */
static void check_failure(const struct failure *failure)
{
	static const char begin[] = "Unable to read control files. (#4.3.0)\n"
				    "/f, line 9: ";
	static const char *const reasons[] = {"there is no relay in front",
	    "there is only one |: write relay|user|secret.", "there is no user",
	    "there is no secret.", "the user begins with #",
	    "there are more words than a relay, a user and a secret",
	    "there is a control character in it"};
	bool known = false;

	FUZZ_CHECK(failure->class == FAILURE_TEMPORARY);
	fuzz_check_text(failure->text);
	FUZZ_CHECK(strncmp(failure->text, begin, sizeof begin - 1) == 0);
	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		known = known || strncmp(failure->text + sizeof begin - 1,
				     reasons[i], strlen(reasons[i])) == 0;
	FUZZ_CHECK(known);
	FUZZ_CHECK(strlen(failure->text) < 150);
}

static void check_value(const char *value, size_t relay)
{
	struct model model = model_read(value, relay);
	struct credentials *found;
	struct failure failure;
	char *copy = xstrdup(value);
	bool good = credentials_cut(&found, copy, "/f", 9, &failure);

	FUZZ_CHECK(good == model.good);
	FUZZ_CHECK(strlen(copy) == relay);
	if (good) {
		FUZZ_CHECK(strcmp(found->user, model.user) == 0);
		FUZZ_CHECK(strcmp(found->secret, model.secret) == 0);
		FUZZ_CHECK(found->bearer == model.bearer);
		free(found->user);
		free(found->secret);
	} else {
		FUZZ_CHECK(found == NULL);
		check_failure(&failure);
	}
	free(found);
	free(copy);
	free(model.user);
	free(model.secret);
}

int FUZZ_TARGET(credentials)(const uint8_t *bytes, size_t size)
{
	char *value = xstrndup((const char *)bytes, size);
	size_t relay = strcspn(value, " \t|");
	struct credentials *found;
	struct failure failure;

	if (value[relay] == '\0')
		FUZZ_CHECK(credentials_cut(&found, value, "/f", 9, &failure) &&
			   found == NULL);
	else if (strstr(value, "file:") == NULL)
		check_value(value, relay);
	free(value);
	return 0;
}
