/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route/source_lines.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bind.h"
#include "control.h"
#include "control_list.h"
#include "dns/domain.h"
#include "i18n.h"
#include "route/key.h"
#include "route/settings.h"
#include "xalloc.h"

static const char blanks[] = " \t";

/* How well a key fits a sender: the length of a suffix, or one of these. */
enum { FITS_NOT = 0, FITS_ALL = 1, FITS_DOMAIN = 1 << 30 };

/* The line of one file that is the sender's. */
struct choice {
	char *text; /* behind the key; NULL: there is none */
	int fit;
	unsigned long line;
	unsigned long earlier; /* another line that fits as well, or 0 */
};

/* Whether a domain ends in this, which begins with a dot. */
static bool is_below(const char *domain, const char *suffix)
{
	size_t length = strlen(domain), size = strlen(suffix);

	return length > size && strcmp(domain + length - size, suffix) == 0;
}

/* Returns false with a temporary failure. */
static bool find_fit(const char *key, size_t length, const char *domain,
    int *fit, struct failure *failure)
{
	char *text = xstrndup(key, length);
	char *form =
	    *text != '\0' ? key_of_next_hop(text, failure) : xstrdup("");

	free(text);
	*fit = FITS_NOT;
	if (form == NULL)
		return false;
	if (*form == '.' && is_below(domain, form))
		*fit = FITS_ALL + (int)strlen(form);
	else if (*form != '\0' && strcmp(form, domain) == 0)
		*fit = FITS_DOMAIN;
	free(form);
	return true;
}

/* Keeps the line if none that fits better has been kept. */
static bool weigh_line(struct choice *choice, const char *line,
    unsigned long number, const char *domain, struct failure *failure)
{
	int fit = FITS_ALL;
	size_t key = 0;

	if (*line == '@') {
		key = strcspn(line, blanks);
		if (!find_fit(line + 1, key - 1, domain, &fit, failure))
			return false;
	}
	if (fit == FITS_NOT || fit < choice->fit)
		return true;
	choice->earlier = fit == choice->fit ? choice->line : 0;
	choice->fit = fit;
	choice->line = number;
	free(choice->text);
	choice->text = xstrdup(line + key);
	return true;
}

static bool choose_line(struct choice *choice, const char *file,
    const char *domain, struct failure *failure)
{
	struct control_list list;
	bool good = control_list_open(&list, file, failure);

	while (good && control_list_next(&list))
		good =
		    weigh_line(choice, list.line, list.number, domain, failure);
	control_list_close(&list);
	return good;
}

static bool fail(const struct source_file *file, const struct choice *choice,
    const char *shown, const char *reason, struct failure *failure)
{
	control_fail_line(failure, file->path, choice->line, shown, reason);
	return false;
}

/* The name for EHLO, which may be absent. */
static bool read_name(const struct source_file *file,
    const struct choice *choice, const char *text, char **name,
    struct failure *failure)
{
	*name = NULL;
	if (*text == '\0')
		return true;
	*name = domain_to_ascii(text, failure);
	if (*name != NULL && strlen(*name) <= HELOHOST_MAX)
		return true;
	if (*name == NULL && failure->class == FAILURE_TEMPORARY)
		return false;
	return fail(file, choice, text, _("not a domain name"), failure);
}

/* "ADDRESS", or behind a key "ADDRESS [name]". */
static bool read_words(const struct source_file *file,
    const struct choice *choice, struct source_line *line,
    struct failure *failure)
{
	char *address = choice->text + strspn(choice->text, blanks);
	char *name = address + strcspn(address, blanks);

	if (*name != '\0')
		*name++ = '\0';
	name += strspn(name, blanks);
	if (!ip_parse(&line->ip, address) || line->ip.version != file->version)
		return fail(file, choice, address,
		    file->version == 4 ? _("not an IPv4 address")
				       : _("not an IPv6 address"),
		    failure);
	if (name[strcspn(name, blanks)] != '\0' ||
	    (*name != '\0' && choice->fit == FITS_ALL))
		return fail(file, choice, name,
		    _("more than an address, or @domain, an address and a "
		      "name"),
		    failure);
	return read_name(file, choice, name, &line->helohost, failure);
}

/* Reads the line that was chosen. */
static bool read_choice(const struct source_file *file,
    const struct choice *choice, struct source_line *line,
    struct failure *failure)
{
	char *reason;

	line->number = choice->line;
	if (choice->earlier == 0)
		return read_words(file, choice, line, failure);
	reason = xasprintf(_("line %lu has the same key"), choice->earlier);
	fail(file, choice, choice->text, reason, failure);
	free(reason);
	return false;
}

bool source_lines_find(struct source_line *line, const struct source_file *file,
    const char *domain, struct failure *failure)
{
	struct choice choice = {0};
	bool good = choose_line(&choice, file->path, domain, failure);

	*line = (struct source_line){0};
	if (good && choice.text != NULL)
		good = read_choice(file, &choice, line, failure);
	free(choice.text);
	return good;
}

bool source_line_binds(const struct source_line *line)
{
	static const unsigned char zeros[sizeof line->ip.octets];

	return line->number > 0 &&
	       memcmp(line->ip.octets, zeros, ip_size(&line->ip)) != 0;
}

bool source_line_check(const struct source_line *line,
    const struct source_file *file, struct failure *failure)
{
	char text[IP_TEXT_SIZE];
	const char *reason;

	if (!source_line_binds(line) || bind_check(&line->ip))
		return true;
	reason = errno == EADDRNOTAVAIL
		     ? _("this machine does not bear that address")
		     : strerror(errno);
	control_fail_line(failure, file->path, line->number,
	    ip_format(&line->ip, text), reason);
	return false;
}

bool source_lines_exist(const struct source_file *file)
{
	struct control_list list;
	struct failure failure;
	bool exist = control_list_open(&list, file->path, &failure) &&
		     control_list_next(&list);

	control_list_close(&list);
	return exist;
}

/* Adds a key, and returns the last line before that has it, or 0. */
static unsigned long add_key(
    struct source_keys *keys, char *form, unsigned long line)
{
	unsigned long earlier = 0;

	for (size_t i = 0; i < keys->count; i++)
		if (strcmp(keys->list[i].form, form) == 0)
			earlier = keys->list[i].line;
	keys->list = xrealloc(keys->list, keys->count + 1, sizeof *keys->list);
	keys->list[keys->count++] = (struct source_key){form, line};
	return earlier;
}

static bool check_line(const struct source_file *file, struct source_keys *keys,
    char *text, unsigned long number, struct failure *failure)
{
	size_t size = *text == '@' ? strcspn(text, blanks) : 0;
	struct source_line line = {0};
	struct choice choice = {.text = text + size,
	    .fit = size > 0 ? FITS_DOMAIN : FITS_ALL,
	    .line = number};
	char *key = xstrndup(text, size);
	char *form =
	    size > 1 ? key_of_next_hop(key + 1, failure) : xstrdup(key);

	free(key);
	if (form == NULL)
		return false;
	choice.earlier = add_key(keys, form, number);
	return read_choice(file, &choice, &line, failure) &&
	       source_line_check(&line, file, failure);
}

void source_lines_check(const struct source_file *file,
    struct source_keys *keys, struct faults *faults)
{
	struct control_list list;
	struct failure failure;

	if (!control_list_open(&list, file->path, &failure))
		faults_take(faults, file->path, &failure);
	while (control_list_next(&list))
		if (!check_line(file, keys, list.line, list.number, &failure))
			faults_take(faults, file->path, &failure);
	control_list_close(&list);
}
