import type { Reading } from '../live/reading.js';

interface ReadingNoteProps {
  readonly reading: Pick<Reading<unknown>, 'value' | 'trouble'>;
  /** `Findings`: what cannot be read. */
  readonly what: string;
}

/** That something is on its way, or cannot be read; nothing once it is there and all is well. */
export function ReadingNote({ reading: { value, trouble }, what }: ReadingNoteProps) {
  if (trouble) {
    return (
      <p class="banner doubtful" role="alert">
        {what} cannot be read: {trouble.message}.
      </p>
    );
  }
  return value === undefined ? <p class="note">Reading …</p> : null;
}
