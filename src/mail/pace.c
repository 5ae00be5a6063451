/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/pace.h"

#include <limits.h>

void pace_start(struct pace *pace, unsigned long rate, unsigned long stretch,
    uint64_t taken)
{
	bool limited = rate > 0 && stretch > 0 && stretch < UINT_MAX / 1000;

	*pace = (struct pace){.next = deadline_in(0)};
	if (!limited)
		return;
	pace->least =
	    rate > UINT64_MAX / stretch ? UINT64_MAX : (uint64_t)rate * stretch;
	pace->step = ((unsigned)stretch * 1000 + PACE_STEPS - 1) / PACE_STEPS;
	pace->next = deadline_in_ms(pace->step);
	pace->taken[0] = taken;
	pace->looks = 1;
}

bool pace_look(struct pace *pace, uint64_t taken)
{
	uint64_t *oldest = &pace->taken[pace->looks % PACE_STEPS];
	bool slow = pace->looks >= PACE_STEPS && taken - *oldest < pace->least;

	*oldest = taken;
	pace->looks++;
	return !slow;
}

bool pace_keep(struct pace *pace, uint64_t taken)
{
	if (pace->step == 0 || !deadline_passed(pace->next))
		return true;
	pace->next = deadline_in_ms(pace->step);
	return pace_look(pace, taken);
}
