/**
 * A group writes what its rules record one after the other, while other groups read. What one of minutes recorded is read by others
 * so long after its time, when all of it is there: a minute that was still being written would be missing for good, or half of it.
 */
export const minuteSettlesSeconds = 30;

/** The same of the group of five minutes, whose sums of a month take longer. */
export const fiveMinutesSettleSeconds = 60;
