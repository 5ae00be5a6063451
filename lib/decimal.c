/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "decimal.h"

#include <string.h>

bool decimal_scan(const char *text, size_t length, uint64_t maximum,
    uint64_t *number, size_t *digits)
{
	bool fits = true;

	*number = 0;
	for (*digits = 0; *digits < length; ++*digits) {
		char byte = text[*digits];
		uint64_t digit = (uint64_t)(byte - '0');

		if (byte < '0' || byte > '9')
			break;
		fits = fits && digit <= maximum &&
		       *number <= (maximum - digit) / 10;
		if (fits)
			*number = *number * 10 + digit;
	}
	return fits;
}

bool decimal_read(const char *text, uint64_t maximum, uint64_t *number)
{
	size_t length = strlen(text), digits;

	return decimal_scan(text, length, maximum, number, &digits) &&
	       digits > 0 && digits == length;
}
