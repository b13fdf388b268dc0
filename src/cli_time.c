/*
 * Dates and times as HAR has them: ISO 8601, RFC 3339. Text in, an instant out; knows no clock and
 * no local time.
 */
#include "cli.h"

/* `n` digits at *p, which moves on; -1 if they are not there or mean more than max. */
static int digits(const char **p, int n, int max)
{
    int value = 0;
    for (int i = 0; i < n; i++, (*p)++) {
        if (**p < '0' || **p > '9') {
            return -1;
        }
        value = value * 10 + (**p - '0');
    }
    return value <= max ? value : -1;
}

static bool skip(const char **p, char c)
{
    bool there = **p == c;
    *p += there;
    return there;
}

/* Days since 1970-01-01 of a date of the Gregorian calendar; the year is taken to begin in March,
 * so that the leap day is its last. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t m = month > 2 ? month - 3 : month + 9;
    return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1 - 719468;
}

/* Seconds of "hh:mm[:ss]", with the fraction in *micro. -1 if it is none. */
static int64_t read_clock(const char **p, int64_t *micro)
{
    int hour = digits(p, 2, 24);
    int minute = hour >= 0 && skip(p, ':') ? digits(p, 2, 59) : -1;
    int second = 0;
    if (minute >= 0 && skip(p, ':')) {
        second = digits(p, 2, 60); /* 60: a leap second */
        if (skip(p, '.') || skip(p, ',')) {
            int64_t unit = 100000;
            for (; **p >= '0' && **p <= '9'; (*p)++, unit /= 10) {
                *micro += (**p - '0') * unit;
            }
        }
    }
    return minute < 0 || second < 0 ? -1 : (hour * 60 + minute) * 60 + second;
}

/* Seconds east of UTC of "Z", "+hh:mm", "-hhmm" or nothing; INT64_MIN if it is none of these. */
static int64_t read_offset(const char **p)
{
    bool west = **p == '-';
    if (skip(p, 'Z') || skip(p, 'z') || **p == '\0') {
        return 0;
    }
    if (!west && **p != '+') {
        return INT64_MIN;
    }
    (*p)++;
    int hours = digits(p, 2, 23);
    int minutes = 0;
    if (hours >= 0 && (skip(p, ':') || **p != '\0')) {
        minutes = digits(p, 2, 59);
    }
    int64_t seconds = (hours * 60 + minutes) * 60;
    return hours < 0 || minutes < 0 ? INT64_MIN : west ? -seconds : seconds;
}

typedef struct date {
    int year, month, day;
} date;

/* "2026-11-21"; of every month 31 days are taken. */
static bool read_date(const char **p, date *d)
{
    d->year = digits(p, 4, 9999);
    d->month = d->year >= 0 && skip(p, '-') ? digits(p, 2, 12) : -1;
    d->day = d->month > 0 && skip(p, '-') ? digits(p, 2, 31) : -1;
    return d->day > 0;
}

bool cli_time_is_date(const char *text)
{
    date d;
    if (!read_date(&text, &d) || *text != '\0') {
        return false;
    }
    int64_t first = days_of(d.year, d.month, 1);
    int64_t next = d.month < 12 ? days_of(d.year, d.month + 1, 1) : days_of(d.year + 1, 1, 1);
    return d.day <= next - first;
}

bool cli_time_parse(const char *text, int64_t *micro)
{
    const char *p = text;
    date d;
    if (!read_date(&p, &d)) {
        return false;
    }
    int64_t clock = 0;
    int64_t offset = 0;
    int64_t fraction = 0;
    if (skip(&p, 'T') || skip(&p, 't') || skip(&p, ' ')) {
        clock = read_clock(&p, &fraction);
        offset = clock >= 0 ? read_offset(&p) : 0;
    }
    if (clock < 0 || offset == INT64_MIN || *p != '\0') {
        return false;
    }
    *micro = (days_of(d.year, d.month, d.day) * 86400 + clock - offset) * 1000000 + fraction;
    return true;
}
