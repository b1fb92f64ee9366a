import { readFileSync } from 'node:fs';
import { type AlertName, alertNames } from '../../src/domain/alert-names.js';
import type { ServiceId } from '../../src/domain/service-id.js';

/** The text of an alert's runbook. */
export function runbookText(name: AlertName): string {
  return readFileSync(`docs/runbooks/${name}.md`, 'utf8');
}

/** Blocks of a language, wherever they are indented. */
export function blocks(text: string, language: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^ *\`\`\`${language}\\n([^]*?)^ *\`\`\``, 'gm'))].map(([, block]) => block!);
}

/** Every query of every runbook. */
export function everyQuery(about: ServiceId): readonly { readonly alert: AlertName; readonly query: string }[] {
  return alertNames.flatMap((alert) => queriesAbout(alert, about).map((query) => ({ alert, query })));
}

/** The queries of an alert's runbook as somebody asks them who was told of this service. */
export function queriesAbout(alert: AlertName, { cluster, namespace, name }: ServiceId): readonly string[] {
  return blocks(runbookText(alert), 'promql').map((query) =>
    query
      .replace(/\s+/g, ' ')
      .trim()
      .replaceAll('"eu-1"', `"${cluster}"`)
      .replaceAll('"shop"', `"${namespace}"`)
      .replaceAll('"cart"', `"${name}"`),
  );
}
