import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hasMoved } from '../address/navigation.js';

interface HeadingProps {
  readonly children: ComponentChildren;
  readonly class?: string;
}

/** What a page is about. Whoever does not see the page hears it after a click; whoever has just come is left alone. */
export function PageHeading({ children, class: name }: HeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const { activeElement } = document;
    const isNowhere = activeElement === null || activeElement === document.body;
    if (hasMoved() && isNowhere) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} class={name} tabIndex={-1}>
      {children}
    </h1>
  );
}
