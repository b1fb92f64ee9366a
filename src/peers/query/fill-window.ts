import type { Obstacle, Reading } from '../obstacle.js';

/** A query without the marks that its tool replaces; how long a window is says nothing about what is counted. */
export function fillWindow(text: string): Reading<{ readonly text: string }> {
  const filled = text.replace(/\{\{-?\s*\.window\s*-?\}\}/g, '5m').replace(/\$\{?__\w+\}?/g, '5m');
  const [other] = /\{\{[^}]*\}\}/.exec(filled) ?? [];
  if (other === undefined) return { text: filled };
  const unknown: Obstacle = {
    code: 'template',
    message: `only {{.window}} is known here, not ${other}`,
    hint: 'write out what it stands for',
  };
  return unknown;
}
