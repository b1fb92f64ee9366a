/** What of the past is marked on Grafana's charts; `correction` by people, all else by meshslo. */
export type AnnotationKind = 'alert' | 'deploy' | 'control-plane' | 'migration' | 'finding' | 'correction';

/** Where something happened, as far as it is known. */
export interface Place {
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  readonly service?: string | undefined;
}

/** Columns of Grafana's table of tags. */
const mostBytes = 100;

/**
 * The tags that annotations of a kind and a place have, and that a board asks for; several are asked for together.
 *
 * Grafana cuts a tag at its second colon, takes a dollar sign for a variable, and keeps no long ones: such a name is written a little otherwise, here as there.
 */
export function annotationTags(kind: AnnotationKind, { cluster, namespace, service }: Place = {}): readonly string[] {
  const places = Object.entries({ cluster, namespace, service }).flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [`${label}:${tagValue(value)}`],
  );
  return ['meshslo', kind, ...places];
}

/** A name as it stands in a tag. */
export function tagValue(value: string): string {
  let kept = '';
  for (const character of value.replaceAll(/[:$\s\p{C}]/gu, '_')) {
    if (Buffer.byteLength(kept + character) > mostBytes) break;
    kept += character;
  }
  return kept;
}
