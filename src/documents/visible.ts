/** What moves a cursor, hides, or turns text round: controls, formats (bidirectional ones too), and foreign line ends. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** One line of text of others, such that no terminal obeys it: every control becomes a visible character, a tab a space. */
export function visible(text: string): string {
  return text.replace(/\t/g, ' ').replace(unprintable, '\ufffd');
}

/** JSON for people and programs, the same rule kept without loss: what JSON itself would print raw stands as an escape. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(unprintable, (character) =>
    character === '\n' ? character : character.split('').map(escaped).join(''),
  );
}

function escaped(codeUnit: string): string {
  return `\\u${codeUnit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
