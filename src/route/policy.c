/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route/policy.h"

#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "i18n.h"
#include "keyed.h"
#include "route/criteria.h"
#include "route/key.h"
#include "xalloc.h"

static const struct keyed_file tlspolicy = {.name = "tlspolicy",
    .path = "control/tlspolicy",
    .key = key_of_next_hop,
    .strict = true};

/* Bits, for the table of what a level takes. */
enum word {
	WORD_MATCH = 1 << 0,
	WORD_PIN = 1 << 1,
	WORD_IMPLICIT = 1 << 2,
	WORD_STARTTLS = 1 << 3,
	WORD_REQUIRETLS = 1 << 4,
	WORD_NODANE = 1 << 5,
	WORD_NOSTS = 1 << 6
};

static const struct word_form {
	enum word word;
	const char *name; /* one that ends in '=' has a value */
} words[] = {{WORD_MATCH, "match="}, {WORD_PIN, "pin="},
    {WORD_IMPLICIT, "implicit"}, {WORD_STARTTLS, "starttls"},
    {WORD_REQUIRETLS, "requiretls"}, {WORD_NODANE, "nodane"},
    {WORD_NOSTS, "nosts"}};

enum {
	WORDS = sizeof words / sizeof words[0],
	ANY = WORD_STARTTLS | WORD_NOSTS,
	ANY_TLS = ANY | WORD_IMPLICIT | WORD_REQUIRETLS
};

/* A name counts for VERIFY and SECURE alone, a pin for FINGERPRINT. */
static const struct level_form {
	const char *name;
	int takes;
} levels[] = {[POLICY_NONE] = {"none", ANY | WORD_NODANE},
    [POLICY_MAY] = {"may", ANY_TLS | WORD_NODANE},
    [POLICY_PREFER] = {"prefer", ANY_TLS | WORD_NODANE},
    [POLICY_ENCRYPT] = {"encrypt", ANY_TLS | WORD_NODANE},
    [POLICY_VERIFY] = {"verify", ANY_TLS | WORD_NODANE | WORD_MATCH},
    [POLICY_SECURE] = {"secure", ANY_TLS | WORD_NODANE | WORD_MATCH},
    [POLICY_FINGERPRINT] = {"fingerprint", ANY_TLS | WORD_NODANE | WORD_PIN},
    [POLICY_DANE] = {"dane", ANY_TLS},
    [POLICY_DANE_ONLY] = {"dane-only", ANY_TLS}};

enum { LEVELS = sizeof levels / sizeof levels[0] };

const char *policy_level_name(enum policy_level level)
{
	return levels[level].name;
}

static bool fail(const struct policy *policy, const char *shown,
    const char *reason, struct failure *failure)
{
	control_fail_line(failure, policy->file, policy->line, shown, reason);
	return false;
}

/* The next word, for the caller to free; NULL after the last one. */
static char *next_word(const char **text)
{
	const char *start = *text + strspn(*text, " \t");
	size_t length = strcspn(start, " \t");

	*text = start + length;
	return length > 0 ? xstrndup(start, length) : NULL;
}

static bool read_level(
    struct policy *policy, const char *word, struct failure *failure)
{
	for (int i = 0; i < LEVELS; i++) {
		if (strcmp(word, levels[i].name) == 0) {
			policy->level = (enum policy_level)i;
			return true;
		}
	}
	return fail(policy, word,
	    _("not a level: none, may, prefer, encrypt, verify, secure, "
	      "fingerprint, dane or dane-only"),
	    failure);
}

/* A word that the level does not take; the report says which it does. */
static bool fail_misplaced(
    const struct policy *policy, const char *word, struct failure *failure)
{
	const struct level_form *level = &levels[policy->level];
	char *taken = xstrdup(""), *reason;

	for (int i = 0; i < WORDS; i++) {
		char *more;

		if (!(level->takes & (int)words[i].word))
			continue;
		more = xasprintf(
		    "%s%s%s", taken, *taken != '\0' ? " " : "", words[i].name);
		free(taken);
		taken = more;
	}
	reason = xasprintf(
	    _("not with the level %s, which takes %s"), level->name, taken);
	fail(policy, word, reason, failure);
	free(reason);
	free(taken);
	return false;
}

/* The relay has to be told all of them. */
static bool have_room(const struct policy *policy, size_t count,
    const char *text, struct failure *failure)
{
	char *reason;

	if (count < POLICY_WORDS_MAX)
		return true;
	reason = xasprintf(_("there are more than %d such words in the line"),
	    POLICY_WORDS_MAX);
	fail(policy, text, reason, failure);
	free(reason);
	return false;
}

static bool add_match(
    struct policy *policy, const char *text, struct failure *failure)
{
	char *match;

	if (!have_room(policy, policy->match_count, text, failure))
		return false;
	match = criteria_read_name(text, failure);
	if (match == NULL)
		return failure->class == FAILURE_PERMANENT &&
		       fail(policy, text,
			   _("not a name as certificates bear it, with *. or . "
			     "in "
			     "front of one if others are meant"),
			   failure);
	policy->matches = xrealloc(
	    policy->matches, policy->match_count + 1, sizeof *policy->matches);
	policy->matches[policy->match_count++] = match;
	return true;
}

static bool add_pin(
    struct policy *policy, const char *text, struct failure *failure)
{
	struct pin pin = {0};

	if (!have_room(policy, policy->pin_count, text, failure))
		return false;
	if (!criteria_read_pin(pin.sha256, text))
		return fail(policy, text,
		    _("not the SHA-256 of a key: 64 hexadecimal digits, with "
		      "or without colons"),
		    failure);
	policy->pins =
	    xrealloc(policy->pins, policy->pin_count + 1, sizeof *policy->pins);
	policy->pins[policy->pin_count++] = pin;
	return true;
}

static bool set_start(struct policy *policy, enum policy_start start,
    const char *word, struct failure *failure)
{
	if (policy->start != POLICY_START_BY_PORT && policy->start != start)
		return fail(policy, word,
		    _("implicit and starttls exclude each other"), failure);
	policy->start = start;
	return true;
}

static bool apply_word(struct policy *policy, const struct word_form *form,
    const char *word, struct failure *failure)
{
	const char *value = word + strlen(form->name);

	if (!(levels[policy->level].takes & (int)form->word))
		return fail_misplaced(policy, word, failure);
	switch (form->word) {
	case WORD_MATCH: return add_match(policy, value, failure);
	case WORD_PIN: return add_pin(policy, value, failure);
	case WORD_IMPLICIT:
		return set_start(policy, POLICY_IMPLICIT, word, failure);
	case WORD_STARTTLS:
		return set_start(policy, POLICY_STARTTLS, word, failure);
	case WORD_REQUIRETLS: policy->requiretls = true; break;
	case WORD_NODANE: policy->no_dane = true; break;
	case WORD_NOSTS: policy->no_sts = true; break;
	}
	return true;
}

static bool read_word(
    struct policy *policy, const char *word, struct failure *failure)
{
	for (int i = 0; i < WORDS; i++) {
		size_t length = strlen(words[i].name);
		bool has_value = words[i].name[length - 1] == '=';

		if (strncmp(word, words[i].name, length) == 0 &&
		    (has_value || word[length] == '\0'))
			return apply_word(policy, &words[i], word, failure);
	}
	return fail(policy, word,
	    _("not one of match=NAME, pin=HEX, implicit, starttls, requiretls, "
	      "nodane and nosts"),
	    failure);
}

static bool read_value(
    struct policy *policy, const char *value, struct failure *failure)
{
	char *word = next_word(&value);
	bool good = read_level(policy, word != NULL ? word : "", failure);

	free(word);
	while (good && (word = next_word(&value)) != NULL) {
		good = read_word(policy, word, failure);
		free(word);
	}
	if (good && policy->level == POLICY_FINGERPRINT &&
	    policy->pin_count == 0)
		return fail(policy, levels[POLICY_FINGERPRINT].name,
		    _("this level needs pin=HEX"), failure);
	return good;
}

const struct keyed_file *policy_file(void)
{
	return &tlspolicy;
}

bool policy_read_line(struct policy *policy, const struct keyed_line *line,
    struct failure *failure)
{
	char *reason;

	*policy = (struct policy){.level = POLICY_MAY};
	policy->file = control_path(tlspolicy.path);
	policy->line = line->number;
	if (line->earlier > 0) {
		reason =
		    xasprintf(_("line %lu has the same key"), line->earlier);
		fail(policy, line->value, reason, failure);
		free(reason);
		return false;
	}
	if (!line->colon)
		return fail(policy, line->value,
		    _("there is no colon behind the key"), failure);
	if (strchr(line->value, '\r') != NULL)
		return fail(policy, line->value,
		    _("there is a carriage return in the line, as DOS writes "
		      "them"),
		    failure);
	return read_value(policy, line->value, failure);
}

static enum policy_level level_of(enum tls_strictness strictness)
{
	switch (strictness) {
	case TLS_OPPORTUNISTIC: return POLICY_MAY;
	case TLS_PREFERRED: return POLICY_PREFER;
	case TLS_VERIFIED: break;
	}
	return POLICY_VERIFY;
}

bool policy_find(struct policy *policy, const char *next_hop,
    const struct settings *settings, const char *run_directory,
    struct failure *failure)
{
	char *key = key_of_next_hop(next_hop, failure);
	const char *const keys[] = {key, NULL};
	struct keyed_line line;
	bool good;

	*policy = (struct policy){.level = level_of(settings->strictness)};
	if (key == NULL)
		return false;
	good = keyed_find(&line, &tlspolicy, run_directory, keys, key, failure);
	free(key);
	if (!good || line.value == NULL)
		return good;
	good = policy_read_line(policy, &line, failure);
	free(line.value);
	return good;
}

bool policy_have_anchors(const struct policy *policy,
    const struct settings *settings, struct failure *failure)
{
	struct reason reason;

	if (settings->trustanchors != NULL)
		return true;
	if (policy->line == 0)
		return settings_have_anchors(settings, failure);
	settings_explain_no_anchors(&reason);
	return fail(policy,
	    policy->level < POLICY_VERIFY ? "requiretls"
					  : policy_level_name(policy->level),
	    reason.local, failure);
}
