import type { ComponentChildren } from 'preact';
import type { Trouble } from '../live/server.js';
import { PageHeading } from './page-heading.js';

interface UnreadPageProps {
  readonly heading: ComponentChildren;
  /** Undefined while it is being read. */
  readonly trouble: Trouble | undefined;
  /** `This service`: what cannot be read. */
  readonly what: string;
  /** Said where there is no such thing; a sentence. */
  readonly notFound: string;
  /** A link to where there are others. */
  readonly elsewhere: ComponentChildren;
}

/** A page whose content is on its way, is not there, or cannot be read. */
export function UnreadPage({ heading, trouble, what, notFound, elsewhere }: UnreadPageProps) {
  return (
    <>
      <PageHeading>{heading}</PageHeading>
      <p class="note" role={trouble ? 'alert' : undefined}>
        {!trouble && 'Reading …'}
        {trouble?.kind === 'not-found' && notFound}
        {trouble && trouble.kind !== 'not-found' && `${what} cannot be read: ${trouble.message}.`}{' '}
        {trouble && elsewhere}
      </p>
    </>
  );
}
