/** Where clocks are read unless somebody says otherwise. */
export const defaultTimezone = 'Asia/Shanghai';

/** Whether this machine knows the time zone by its IANA name. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
