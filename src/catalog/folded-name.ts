/** A name without what makes no difference: case, how accents are written, blanks around it, dots at its end. */
export function folded(name: string): string {
  // As nearly all are.
  if (/^[a-z0-9-]+$/.test(name)) return name;
  return name.normalize('NFC').trim().toLowerCase().replace(/\.+$/, '');
}
