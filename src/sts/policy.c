/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/policy.h"

#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "decimal.h"
#include "ip.h"
#include "sts/piece.h"
#include "xalloc.h"

enum { NAME_MAX_LENGTH = 253, LABEL_MAX_LENGTH = 63, KEY_MAX_LENGTH = 32 };

static const char any_label[] = "*.";

/* What has been seen so far; of equal keys the first one counts. */
struct reading {
	struct sts_policy *policy;
	bool version, mode, max_age;
};

/* Underscores are in no host name, but in names of some hosts. */
static bool is_label(const char *label, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!piece_is_letter_or_digit(label[i]) && label[i] != '-' &&
		    label[i] != '_')
			return false;
	return size >= 1 && size <= LABEL_MAX_LENGTH;
}

static bool is_name(const char *name)
{
	struct ip ip;

	if (strlen(name) > NAME_MAX_LENGTH || ip_parse(&ip, name))
		return false;
	for (;;) {
		size_t size = strcspn(name, ".");

		if (!is_label(name, size))
			return false;
		if (name[size] == '\0')
			return true;
		name += size + 1;
	}
}

static bool has_any_label(const char *pattern)
{
	return strncmp(pattern, any_label, strlen(any_label)) == 0;
}

static bool add_mx(struct sts_policy *policy, struct piece value)
{
	char *name = xstrndup(value.bytes, value.size);
	const char *rest = name + (has_any_label(name) ? strlen(any_label) : 0);

	if (!is_name(rest)) {
		free(name);
		return false;
	}
	ascii_lower(name);
	/* Twice as much room each time that it is full. */
	if ((policy->mx_count & (policy->mx_count - 1)) == 0)
		policy->mx = xrealloc(
		    policy->mx, 2 * policy->mx_count + 1, sizeof *policy->mx);
	policy->mx[policy->mx_count++] = name;
	return true;
}

static bool set_mode(struct sts_policy *policy, struct piece value)
{
	static const char *const modes[] = {
	    [STS_MODE_NONE] = "none",
	    [STS_MODE_TESTING] = "testing",
	    [STS_MODE_ENFORCE] = "enforce",
	};

	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		policy->mode = (enum sts_mode)i;
		if (piece_equals(value, modes[i]))
			return true;
	}
	return false;
}

static bool set_max_age(struct sts_policy *policy, struct piece value)
{
	uint64_t age;
	size_t digits;

	if (!decimal_scan(value.bytes, value.size, STS_MAX_AGE, &age, &digits))
		age = STS_MAX_AGE;
	policy->max_age = (long)age;
	return digits > 0 && digits == value.size;
}

/* Whether it is the first of its kind, which it then is no more. */
static bool is_first(bool *seen)
{
	bool first = !*seen;

	*seen = true;
	return first;
}

static bool is_key(struct piece key)
{
	for (size_t i = 0; i < key.size; i++)
		if (!piece_is_letter_or_digit(key.bytes[i]) &&
		    (i == 0 || strchr("_-.", key.bytes[i]) == NULL))
			return false;
	return key.size >= 1 && key.size <= KEY_MAX_LENGTH;
}

static bool take_field(
    struct reading *reading, struct piece key, struct piece value)
{
	if (piece_equals(key, "version"))
		return !is_first(&reading->version) ||
		       piece_equals(value, "STSv1");
	if (piece_equals(key, "mode"))
		return !is_first(&reading->mode) ||
		       set_mode(reading->policy, value);
	if (piece_equals(key, "max_age"))
		return !is_first(&reading->max_age) ||
		       set_max_age(reading->policy, value);
	if (piece_equals(key, "mx"))
		return add_mx(reading->policy, value);
	return is_key(key);
}

/* Tabs are blanks; whatever is above ASCII may stand in unknown fields. */
static bool has_control(struct piece line)
{
	for (size_t i = 0; i < line.size; i++) {
		unsigned char byte = (unsigned char)line.bytes[i];

		if ((byte < ' ' && byte != '\t') || byte == 127)
			return true;
	}
	return false;
}

static bool take_line(struct reading *reading, struct piece line)
{
	const char *colon = memchr(line.bytes, ':', line.size);
	struct piece key = {line.bytes, 0}, value;

	if (colon == NULL || has_control(line))
		return false;
	key.size = (size_t)(colon - line.bytes);
	value = (struct piece){colon + 1, line.size - key.size - 1};
	return take_field(reading, key, piece_strip(value));
}

/* Lines end in LF or CRLF, the last perhaps in neither. */
static struct piece next_line(struct piece *text)
{
	struct piece line = piece_next(text, '\n');
	bool ended = line.bytes + line.size != text->bytes;

	if (ended && line.size > 0 && line.bytes[line.size - 1] == '\r')
		line.size--;
	return line;
}

bool sts_policy_read(struct sts_policy *policy, const char *text, size_t size)
{
	struct reading reading = {.policy = policy};
	struct piece rest = {text, size};
	bool good = size <= STS_POLICY_SIZE_MAX;

	*policy = (struct sts_policy){.mode = STS_MODE_NONE};
	while (good && rest.size > 0)
		good = take_line(&reading, next_line(&rest));
	if (good && reading.version && reading.mode && reading.max_age &&
	    (policy->mx_count > 0 || policy->mode == STS_MODE_NONE))
		return true;
	sts_policy_free(policy);
	return false;
}

void sts_policy_free(struct sts_policy *policy)
{
	for (size_t i = 0; i < policy->mx_count; i++)
		free(policy->mx[i]);
	free(policy->mx);
	*policy = (struct sts_policy){.mode = STS_MODE_NONE};
}

/* "*." stands for a label; one with an escape in it is none. */
static bool matches(const char *pattern, const char *name)
{
	if (has_any_label(pattern)) {
		size_t label = strcspn(name, ".");

		if (!is_label(name, label) || name[label] != '.')
			return false;
		pattern += strlen(any_label);
		name += label + 1;
	}
	return ascii_is_word(name, strlen(name), pattern);
}

bool sts_policy_names(const struct sts_policy *policy, const char *exchanger)
{
	for (size_t i = 0; i < policy->mx_count; i++)
		if (matches(policy->mx[i], exchanger))
			return true;
	return false;
}
