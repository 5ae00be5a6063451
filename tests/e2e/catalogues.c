/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "catalogues.h"

#include <err.h>
#include <errno.h>
#include <locale.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "bytes.h"
#include "i18n.h"

const char *const catalogues_languages[] = {
    "de", "es", "fr", CATALOGUES_MADE_UP, NULL};

/* Copies what of a text must stay: an escape, a format or a code. */
static size_t fixed_part(const char *text)
{
	if (*text == '\\')
		return 2;
	if (strncmp(text, "(#", 2) == 0)
		return strcspn(text, ")");
	if (strncmp(text, "%<", 2) == 0)
		return strcspn(text, ">");
	if (*text == '%')
		return strcspn(text, "sud") + 1;
	return 0;
}

/* Writes one line of a text, quotation marks included, with accents. */
static void make_up(FILE *to, const char *text)
{
	static const char plain[] = "aeiouAEIOU";
	static const char *const accented[] = {
	    "á", "é", "í", "ó", "ú", "Á", "É", "Í", "Ó", "Ú"};

	while (*text != '\0') {
		size_t fixed = fixed_part(text);
		const char *vowel = strchr(plain, *text);

		if (fixed == 0 && vowel != NULL)
			fputs(accented[vowel - plain], to);
		else
			fwrite(text, 1, fixed > 0 ? fixed : 1, to);
		text += fixed > 0 ? fixed : 1;
	}
}

/*
 * Copies a catalogue: its header as it is, of the rest the English texts,
 * and each of them made up as its own translation.
 */
static void make_up_catalogue(FILE *from, FILE *to)
{
	struct bytes text = {0};
	char line[1024];
	unsigned entry = 0;
	bool translated = false;

	while (fgets(line, sizeof line, from) != NULL) {
		if (strncmp(line, "msgid ", 6) == 0) {
			entry++;
			translated = false;
		} else if (strncmp(line, "msgstr ", 7) == 0 && entry > 1) {
			translated = true;
			fputs("msgstr \"" CATALOGUES_MARK "\"\n", to);
			make_up(to, text.data);
			bytes_free(&text);
		}
		if (!translated || *line == '\n' || *line == '#')
			fputs(line, to);
		if (!translated && entry > 1 && strchr(line, '"') != NULL &&
		    *line != '#')
			bytes_add_text(&text, strchr(line, '"'));
	}
	bytes_free(&text);
}

static void source_path(char path[HOME_PATH], const char *language)
{
	const char *directory = getenv("srcdir");

	if (snprintf(path, HOME_PATH, "%s/po/%s.po",
		directory != NULL ? directory : ".", language) >= HOME_PATH)
		errx(99, "path too long");
}

/* Writes the language made up from the texts of another; gives its file. */
static void write_made_up(const struct home *home, char path[HOME_PATH])
{
	char source[HOME_PATH];
	FILE *from, *to;

	source_path(source, catalogues_languages[0]);
	home_path(home, CATALOGUES_MADE_UP ".po", path);
	from = fopen(source, "re");
	to = fopen(path, "we");
	if (from == NULL || to == NULL)
		err(99, "%s", from == NULL ? source : path);
	make_up_catalogue(from, to);
	fclose(from);
	if (fclose(to) != 0)
		err(99, "%s", path);
}

/* Returns false when there is no msgfmt. */
static bool run_msgfmt(char *source, char *object)
{
	char name[] = "msgfmt", check[] = "--check-format", to[] = "-o";
	char *arguments[] = {name, check, to, object, source, NULL};
	char *environment[] = {NULL};
	pid_t child;
	int status;
	int error =
	    posix_spawnp(&child, name, NULL, NULL, arguments, environment);

	if (error == ENOENT)
		return false;
	if (error != 0)
		errx(99, "msgfmt: %s", strerror(error));
	if (waitpid(child, &status, 0) != child || status != 0)
		errx(99, "msgfmt does not like %s", source);
	return true;
}

static bool compile(const struct home *home, const char *language)
{
	static const char *const parts[] = {
	    "", "/LC_MESSAGES", "/LC_MESSAGES/" PACKAGE ".mo"};
	char source[HOME_PATH], object[HOME_PATH], name[HOME_PATH];

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (i > 0 && mkdir(object, 0700) != 0)
			err(99, "%s", object);
		snprintf(name, sizeof name, "%s%s", language, parts[i]);
		home_path(home, name, object);
	}
	if (strcmp(language, CATALOGUES_MADE_UP) == 0)
		write_made_up(home, source);
	else
		source_path(source, language);
	return run_msgfmt(source, object);
}

/*
 * Looks for a locale in which LANGUAGE counts, as it does not in C and, with
 * some C libraries, in C.UTF-8.
 */
static const char *find_locale(const struct home *home)
{
	const char *found = NULL;
#ifdef ENABLE_NLS
	static const char *const names[] = {"C.UTF-8", "en_US.UTF-8",
	    "de_DE.UTF-8", "es_ES.UTF-8", "fr_FR.UTF-8"};
	static const char text[] = "Out of memory. (#4.3.0)\n";

	setenv("LANGUAGE", CATALOGUES_MADE_UP, 1);
	bindtextdomain(PACKAGE, home->path);
	for (size_t i = 0; i < sizeof names / sizeof *names && found == NULL;
	     i++)
		if (setlocale(LC_ALL, names[i]) != NULL &&
		    strcmp(dgettext(PACKAGE, text), text) != 0)
			found = names[i];
	unsetenv("LANGUAGE");
	setlocale(LC_ALL, "C");
#else
	(void)home;
#endif
	return found;
}

const char *catalogues_make(const struct home *home)
{
	for (size_t i = 0; catalogues_languages[i] != NULL; i++)
		if (!compile(home, catalogues_languages[i]))
			return NULL;
	return find_locale(home);
}
