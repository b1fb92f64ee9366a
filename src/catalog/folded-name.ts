/** A name without what makes no difference: case, how accents are written, blanks around it, dots at its end. */
export function folded(name: string): string {
  // As nearly all are.
  if (/^[a-z0-9-]+$/.test(name)) return name;
  const plain = name.normalize('NFC').trim().toLowerCase();
  let end = plain.length;
  // No pattern: one that looks for the dots at the end tries every dot of a name of nothing else.
  while (plain[end - 1] === '.') end -= 1;
  return plain.slice(0, end);
}
