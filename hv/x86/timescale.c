/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* See timescale.h. */
#include "timescale.h"

/* mul is brought into [2^31, 2^32), where it has the most significant bits. */
void time_scale_set_khz(struct time_scale *s, uint32_t khz)
{
	uint64_t num = 1000000, den = khz;
	int shift = 0;

	while (num >= den) { /* more than 1 ns a tick */
		den <<= 1;
		shift++;
	}
	while (num << 1 < den) {
		num <<= 1;
		shift--;
	}
	s->tsc_to_system_mul = (uint32_t)((num << 32) / den);
	s->tsc_shift = (int8_t)shift;
}

uint64_t time_scale_inverse(uint32_t khz)
{
	return ((uint64_t)khz << 40) / 1000000;
}

#define CMOS_B_24H    0x02
#define CMOS_B_BINARY 0x04
#define CMOS_HOUR_PM  0x80

static unsigned int cmos_field(const struct cmos_time *t, uint8_t raw)
{
	if (t->status_b & CMOS_B_BINARY)
		return raw;
	if ((raw & 0xf) > 9 || raw >> 4 > 9)
		return 0xff;
	return (raw >> 4) * 10u + (raw & 0xf);
}

static unsigned int cmos_hour(const struct cmos_time *t)
{
	if (t->status_b & CMOS_B_24H)
		return cmos_field(t, t->hour);
	unsigned int hour = cmos_field(t, t->hour & (uint8_t)~CMOS_HOUR_PM);
	if (hour < 1 || hour > 12)
		return 0xff;
	return hour % 12 + (t->hour & CMOS_HOUR_PM ? 12 : 0);
}

static unsigned int cmos_year(const struct cmos_time *t)
{
	unsigned int year = cmos_field(t, t->year), century = cmos_field(t, t->century);

	if (year > 99)
		return 0;
	if (century >= 19 && century <= 29)
		return century * 100 + year;
	return year < 70 ? 2000 + year : 1900 + year;
}

static bool leap(unsigned int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned int days_in(unsigned int year, unsigned int month)
{
	static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && leap(year) ? 29 : days[month - 1];
}

uint64_t cmos_to_unix(const struct cmos_time *t)
{
	unsigned int second = cmos_field(t, t->second), minute = cmos_field(t, t->minute);
	unsigned int hour = cmos_hour(t), day = cmos_field(t, t->day);
	unsigned int month = cmos_field(t, t->month), year = cmos_year(t);
	uint64_t days = 0;

	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in(year, month) ||
	    hour > 23 || minute > 59 || second > 59)
		return 0;
	for (unsigned int y = 1970; y < year; y++)
		days += leap(y) ? 366 : 365;
	for (unsigned int m = 1; m < month; m++)
		days += days_in(year, m);
	days += day - 1;
	return ((days * 24 + hour) * 60 + minute) * 60 + second;
}
