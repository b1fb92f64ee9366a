/** Days of the week as configurations name them; 0 is Sunday, as in Alertmanager and in JavaScript. */
export const weekdayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** Minutes since midnight as a clock shows them: 540 is `09:00`, 1440 is `24:00`. */
export function clockTime(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
