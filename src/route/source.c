/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route/source.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control.h"
#include "dns/domain.h"
#include "i18n.h"
#include "route/key.h"
#include "xalloc.h"

static const char v4_file[] = "control/outgoingip";
static const char v6_file[] = "control/outgoingip6";
static const char blanks[] = " \t";

/* What fits into a command line after EHLO (RFC 5321 section 4.5.3.1.4). */
enum { NAME_MAX_SIZE = 505 };

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
static bool weigh_line(struct choice *choice, char *line, unsigned long number,
    const char *domain, struct failure *failure)
{
	int fit = FITS_ALL;
	size_t key = 0;

	line += strspn(line, blanks);
	if (*line == '#' || *line == '\0')
		return true;
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
	struct control_text text;
	struct control_cursor cursor;
	const char *line;
	size_t length;
	bool good = true;

	switch (control_text(file, &text, failure)) {
	case CONTROL_FAILED: return false;
	case CONTROL_FOUND: break;
	default: return true;
	}
	cursor = control_lines(&text);
	while (good && control_next(&cursor, &line, &length)) {
		char *copy = xstrndup(line, length);

		good = weigh_line(choice, copy, cursor.line, domain, failure);
		free(copy);
	}
	free(text.bytes);
	return good;
}

/* One family's part of a source. */
struct part {
	const char *file;
	int version;
	struct ip *ip;
	char **helohost;
};

static bool fail(const struct part *part, const struct choice *choice,
    const char *shown, const char *reason, struct failure *failure)
{
	control_fail_line(failure, part->file, choice->line, shown, reason);
	return false;
}

static bool read_name(const struct part *part, const struct choice *choice,
    const char *name, struct failure *failure)
{
	if (*name == '\0')
		return true;
	*part->helohost = domain_to_ascii(name, failure);
	if (*part->helohost != NULL && strlen(*part->helohost) <= NAME_MAX_SIZE)
		return true;
	if (*part->helohost == NULL && failure->class == FAILURE_TEMPORARY)
		return false;
	return fail(part, choice, name, _("not a domain name"), failure);
}

/* "ADDRESS", or behind a key "ADDRESS [name]". */
static bool read_words(const struct part *part, const struct choice *choice,
    struct failure *failure)
{
	char *address = choice->text + strspn(choice->text, blanks);
	char *name = address + strcspn(address, blanks);

	if (*name != '\0')
		*name++ = '\0';
	name += strspn(name, blanks);
	if (!ip_parse(part->ip, address) || part->ip->version != part->version)
		return fail(part, choice, address,
		    part->version == 4 ? _("not an IPv4 address")
				       : _("not an IPv6 address"),
		    failure);
	if (name[strcspn(name, blanks)] != '\0' ||
	    (*name != '\0' && choice->fit == FITS_ALL))
		return fail(part, choice, name,
		    _("more than an address, or @domain, an address and a "
		      "name"),
		    failure);
	return read_name(part, choice, name, failure);
}

/* Reads the line that was chosen. */
static bool read_choice(const struct part *part, const struct choice *choice,
    struct failure *failure)
{
	char *reason;

	if (choice->earlier == 0)
		return read_words(part, choice, failure);
	reason = xasprintf(_("line %lu has the same key"), choice->earlier);
	fail(part, choice, choice->text, reason, failure);
	free(reason);
	return false;
}

/* *line is 0 where the file says nothing of this sender. */
static bool read_part(const struct part *part, const char *domain,
    unsigned long *line, struct failure *failure)
{
	struct choice choice = {0};
	bool good = choose_line(&choice, part->file, domain, failure);

	*line = choice.line;
	if (good && choice.text != NULL)
		good = read_choice(part, &choice, failure);
	free(choice.text);
	return good;
}

static bool is_unspecified(const struct ip *ip)
{
	static const unsigned char zeros[sizeof ip->octets];

	return memcmp(ip->octets, zeros, ip_size(ip)) == 0;
}

/* Which families count, and which are bound. */
static bool choose_families(struct source *source,
    const struct settings *settings, struct failure *failure)
{
	enum address_family family = settings->address_family;
	bool v4 = source->line_v4 > 0, v6 = source->line_v6 > 0;

	source->use_v4 = family != FAMILY_IPV6_ONLY && (v4 || !v6);
	source->use_v6 = family != FAMILY_IPV4_ONLY && (v6 || !v4);
	source->v4_first = family == FAMILY_IPV4;
	source->bind_v4 = source->use_v4 && v4 && !is_unspecified(&source->v4);
	source->bind_v6 = source->use_v6 && v6 && !is_unspecified(&source->v6);
	if (source->use_v4 || source->use_v6)
		return true;
	control_fail(failure, "control/addressfamily",
	    _("with control/outgoingip and control/outgoingip6 it leaves no "
	      "addresses"));
	return false;
}

bool source_find(struct source *source, const char *sender,
    const struct settings *settings, struct failure *failure)
{
	const struct part v4 = {v4_file, 4, &source->v4, &source->helohost_v4};
	const struct part v6 = {v6_file, 6, &source->v6, &source->helohost_v6};
	char *key = key_of_sender(sender, failure);
	const char *at = key != NULL ? strrchr(key, '@') : NULL;
	const char *domain = at != NULL ? at + 1 : "";
	bool good;

	*source = (struct source){0};
	good = key != NULL &&
	       read_part(&v4, domain, &source->line_v4, failure) &&
	       read_part(&v6, domain, &source->line_v6, failure) &&
	       choose_families(source, settings, failure);
	free(key);
	return good;
}

/* Returns false with errno. */
static bool bears(const struct ip *ip)
{
	struct sockaddr_storage address;
	socklen_t length = ip_to_sockaddr(ip, 0, &address);
	int descriptor =
	    socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int error = 0;

	if (descriptor < 0)
		return false;
	if (bind(descriptor, (struct sockaddr *)&address, length) != 0)
		error = errno;
	close(descriptor);
	errno = error;
	return error == 0;
}

static bool check(const struct ip *ip, const char *file, unsigned long line,
    struct failure *failure)
{
	char text[IP_TEXT_SIZE];
	const char *reason;

	if (bears(ip))
		return true;
	reason = errno == EADDRNOTAVAIL
		     ? _("this machine does not bear that address")
		     : strerror(errno);
	control_fail_line(failure, file, line, ip_format(ip, text), reason);
	return false;
}

bool source_check(const struct source *source, struct failure *failure)
{
	return (!source->bind_v4 ||
		   check(&source->v4, v4_file, source->line_v4, failure)) &&
	       (!source->bind_v6 ||
		   check(&source->v6, v6_file, source->line_v6, failure));
}

const char *source_helohost(const struct source *source,
    const struct ip *server, const struct settings *settings)
{
	const char *name =
	    server->version == 4 ? source->helohost_v4 : source->helohost_v6;

	return name != NULL ? name : settings->helohost;
}

const struct ip *source_address(
    const struct source *source, const struct ip *server)
{
	if (server->version == 4)
		return source->bind_v4 ? &source->v4 : NULL;
	return source->bind_v6 ? &source->v6 : NULL;
}

/* The keys of the lines that were read, and where. */
struct keys {
	struct key {
		char *form;
		unsigned long line;
	} * list;
	size_t count;
};

/* Adds a key, and returns the last line before that has it, or 0. */
static unsigned long add_key(struct keys *keys, char *form, unsigned long line)
{
	unsigned long earlier = 0;

	for (size_t i = 0; i < keys->count; i++)
		if (strcmp(keys->list[i].form, form) == 0)
			earlier = keys->list[i].line;
	keys->list = xrealloc(keys->list, keys->count + 1, sizeof *keys->list);
	keys->list[keys->count++] = (struct key){form, line};
	return earlier;
}

static bool check_line(const struct part *part, struct keys *keys, char *line,
    unsigned long number, struct failure *failure)
{
	size_t size = *line == '@' ? strcspn(line, blanks) : 0;
	struct choice choice = {.text = line + size,
	    .fit = size > 0 ? FITS_DOMAIN : FITS_ALL,
	    .line = number};
	char *key = xstrndup(line, size);
	char *form =
	    size > 1 ? key_of_next_hop(key + 1, failure) : xstrdup(key);

	free(key);
	if (form == NULL)
		return false;
	choice.earlier = add_key(keys, form, number);
	return read_choice(part, &choice, failure) &&
	       (is_unspecified(part->ip) ||
		   check(part->ip, part->file, number, failure));
}

static void check_part(const struct part *part, struct faults *faults)
{
	struct control_text text;
	struct control_cursor cursor;
	struct failure failure;
	struct keys keys = {0};
	const char *line;
	size_t length;

	switch (control_text(part->file, &text, &failure)) {
	case CONTROL_FAILED: faults_take(faults, part->file, &failure); return;
	case CONTROL_FOUND: break;
	default: return;
	}
	cursor = control_lines(&text);
	while (control_next(&cursor, &line, &length)) {
		char *copy = xstrndup(line, length);
		char *start = copy + strspn(copy, blanks);

		if (*start != '#' && *start != '\0' &&
		    !check_line(part, &keys, start, cursor.line, &failure))
			faults_take(faults, part->file, &failure);
		free(copy);
	}
	for (size_t i = 0; i < keys.count; i++)
		free(keys.list[i].form);
	free(keys.list);
	free(text.bytes);
}

void source_check_files(struct faults *faults)
{
	struct ip ip;
	char *helohost;

	check_part(&(struct part){v4_file, 4, &ip, &helohost}, faults);
	check_part(&(struct part){v6_file, 6, &ip, &helohost}, faults);
}
