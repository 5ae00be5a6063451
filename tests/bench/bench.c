/* SPDX-License-Identifier: ISC */
/*
 * Measures a qmail-remote, or compares two in turn, beside programs that do
 * only what cannot be avoided.  Needs no root.
 */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench-bulk.h"
#include "bench-cost.h"
#include "bench-stage.h"
#include "bench-additions.h"
#include "bench-time.h"

enum { DEFAULT_ROUNDS = 40, LINE_SIZE = 256 };

static const char usage[] =
    "Usage: %s [OPTION]...\n"
    "Measures the qmail-remote of this build, tests/qmail-remote.\n"
    "\n"
    "  --exe=FILE       measure this one instead\n"
    "  --vs=FILE        compare it with this one\n"
    "  --home=DIR       the qmail home that is compiled into the former\n"
    "  --vs-home=DIR    the same for the latter\n"
    "  --rounds=N       how often each is measured (10 to 200, %d)\n"
    "  --only=DIGITS    only these measurements, such as 15\n"
    "\n"
    "tests/qmail-remote of any build needs no home.  Another program, such as\n"
    "that of stock qmail, has to be built for a home made for this purpose,\n"
    "with control, queue/lock/tcpto and run/qmail-remote, where you can "
    "write:\n"
    "the benchmark writes control files there.\n";

static const struct {
	char digit;
	void (*run)(const struct stage *stage);
} measurements[] = {{'1', bench_cpu}, {'2', bench_memory},
    {'3', bench_round_trips}, {'3', bench_latency}, {'4', bench_resolution},
    {'5', bench_throughput}, {'6', bench_rates}, {'7', bench_routes},
    {'8', bench_calls}, {'9', bench_additions}};

/* The first processor's, as Linux tells it. */
static const char *name_processor(char line[LINE_SIZE])
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	const char *name = "?";

	while (file != NULL && fgets(line, LINE_SIZE, file) != NULL) {
		if (strncmp(line, "model name", 10) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		name = line + strcspn(line, ":");
		break;
	}
	if (file != NULL)
		fclose(file);
	return name + strspn(name, ": ");
}

static void print_machine(const struct stage *stage)
{
	char line[LINE_SIZE];
	struct utsname system;

	uname(&system);
	printf("%s %s, %s; %ld processors, %s\nlibraries: %s\n", system.sysname,
	    system.release, system.machine, sysconf(_SC_NPROCESSORS_ONLN),
	    name_processor(line), QR_FEATURES);
	printf("new: %s\n", stage->contenders[0].program);
	if (stage->count > 1)
		printf("old: %s\n", stage->contenders[1].program);
	printf("Medians of %u rounds; ratios are medians of those of each "
	       "round.\n",
	    stage->rounds);
}

static const char *find_program(const char *name)
{
	char *path = realpath(name, NULL);

	if (path == NULL || access(path, X_OK) == -1)
		err(2, "%s", name);
	return path;
}

static unsigned parse_rounds(const char *text)
{
	unsigned long rounds = strtoul(text, NULL, 10);

	if (rounds < 10 || rounds > SERIES_MAX)
		errx(2, "%s rounds: 10 to %d, please", text, SERIES_MAX);
	return (unsigned)rounds;
}

static _Noreturn void explain(FILE *to, const char *name, int status)
{
	fprintf(to, usage, name, DEFAULT_ROUNDS);
	exit(status);
}

/* Returns which measurements are wanted; NULL: all. */
static const char *parse(int argc, char **argv, struct stage *stage)
{
	static const struct option options[] = {
	    {"exe", required_argument, NULL, 'e'},
	    {"vs", required_argument, NULL, 'v'},
	    {"home", required_argument, NULL, 'h'},
	    {"vs-home", required_argument, NULL, 'H'},
	    {"rounds", required_argument, NULL, 'r'},
	    {"only", required_argument, NULL, 'o'},
	    {"help", no_argument, NULL, 'u'}, {NULL, 0, NULL, 0}};
	struct contender *contenders = stage->contenders;
	const char *only = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'e': contenders[0].program = find_program(optarg); break;
		case 'v':
			contenders[1].program = find_program(optarg);
			stage->count = 2;
			break;
		case 'h': contenders[0].fixed_home = optarg; break;
		case 'H': contenders[1].fixed_home = optarg; break;
		case 'r': stage->rounds = parse_rounds(optarg); break;
		case 'o': only = optarg; break;
		case 'u': explain(stdout, argv[0], 0);
		default: explain(stderr, argv[0], 2);
		}
	}
	return only;
}

int main(int argc, char **argv)
{
	static struct stage stage = {.count = 1, .rounds = DEFAULT_ROUNDS};
	char *built = stage_program("../qmail-remote");
	const char *only = parse(argc, argv, &stage);

	/* Nothing is left in the buffer for the children to repeat. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (stage.contenders[0].program == NULL)
		stage.contenders[0].program = find_program(built);
	home_begin();
	stage_make(&stage);
	print_machine(&stage);
	for (size_t i = 0; i < sizeof measurements / sizeof *measurements; i++)
		if (only == NULL || strchr(only, measurements[i].digit))
			measurements[i].run(&stage);
	stage_free(&stage);
	home_end();
	free(built);
	return 0;
}
