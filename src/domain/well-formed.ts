/** A text that is UTF-8 wherever it goes: half a surrogate pair is no character, and becomes the one that says so. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}

/** One part of an address, whatever the text is: `encodeURIComponent` throws for half a surrogate pair. */
export function encodedPart(text: string): string {
  return encodeURIComponent(wellFormed(text));
}
