/** A name without what makes no difference: case, how accents are written, blanks around it, dots at its end. */
export function folded(name: string): string {
  return name.normalize('NFC').trim().toLowerCase().replace(/\.+$/, '');
}
