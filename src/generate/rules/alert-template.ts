import type { LinkSettings } from '../../config/config.js';
import { encodedPart } from '../../domain/well-formed.js';
import { binary, call, number } from '../../promql/expression.js';
import type { Expression, Matcher } from '../../promql/expression.js';
import { printExpression } from '../../promql/printer.js';

/** Text in Go's template language, in which Prometheus writes what an alert says. */
export type Template = string;

/** Text that stands for itself, whatever it holds. */
export function literal(text: string): Template {
  return text.replaceAll('{{', '{{ "{{" }}');
}

/** The value of a label of the alert; empty where it has none. */
export function label(name: string): Template {
  return `{{ $labels.${name} }}`;
}

/** `shop/cart availability`, as the embedded alerts call an SLO. */
export const sloInWords: Template = `${label('namespace')}/${label('service')} ${label('slo')}`;

/** Matchers of the alert's own SLO, for {@link withQuery}. */
export const ofThisSlo: readonly Matcher[] = ['cluster', 'namespace', 'service', 'slo'].map((name) => ({
  label: name,
  operator: '=',
  value: `$${name}`,
}));

/**
 * What is written of the first series that an expression has when the alert is told, as `.`; nothing where it has none.
 *
 * @param expression with {@link ofThisSlo} where the alert's SLO is meant
 */
export function withQuery(expression: Expression, written: Template): Template {
  const values: string[] = [];
  const format = printExpression(expression)
    .replaceAll('%', '%%')
    .replaceAll(/"\$(cluster|namespace|service|slo)"/g, (_, name: string) => {
      values.push(`$labels.${name}`);
      return '%q';
    });
  const query = `query (printf ${JSON.stringify(format)} ${values.join(' ')})`;
  return `{{ with ${query} }}{{ with . | first }}${written}{{ end }}{{ end }}`;
}

/** The moment at which an alert is told, as a series. */
export const toldAt = call('vector', call('time'));

/**
 * Links of an alert as annotations; those whose base nobody configured are absent.
 *
 * @param from the moment from which on page and dashboard show it, until the alert is told
 */
export function linkTemplates(
  { page, runbooks, dashboards }: LinkSettings,
  alert: string,
  { hasSlo, from }: { readonly hasSlo: boolean; readonly from: Expression },
): Readonly<Record<string, Template>> {
  const words = ['cluster', 'namespace', 'service', ...(hasSlo ? ['slo'] : [])];
  const path = ['cluster', 'namespace', 'service'].map((name) => encoded(name, 'part')).join('/');
  return {
    ...(page !== undefined && {
      page_url: `${literal(page)}/services/${path}?${hasSlo ? `slo=${encoded('slo', 'word')}&` : ''}${shownRange(from)}`,
    }),
    ...(runbooks !== undefined && { runbook_url: runbookLink(runbooks, alert) }),
    ...(dashboards !== undefined && { dashboard_url: dashboardLink(dashboards, words, from) }),
  };
}

export function runbookLink(runbooks: string, alert: string): Template {
  return literal(runbooks.replaceAll('{alert}', alert));
}

/** Nothing at all where the first moment is unknown: then the page shows what it usually does. */
function shownRange(from: Expression): Template {
  return withQuery(wholeMinute(from), `from=${seconds}&to=${withQuery(wholeMinute(toldAt), seconds)}`);
}

/** A moment of a link as the embedded alerts have it: one minute's links are the same. */
function wholeMinute(moment: Expression): Expression {
  return binary(call('floor', binary(moment, '/', number(60))), '*', number(60));
}

const seconds: Template = '{{ .Value | printf "%.0f" }}';

/**
 * A dashboard's address with labels of the alert where their names stand in braces.
 *
 * @param fixed those that all alerts of the rule have of it
 */
export function dashboardLink(
  template: string,
  words: readonly string[],
  from: Expression,
  fixed: Readonly<Record<string, string>> = {},
): Template {
  return template
    .split(/(\{\w+\})/)
    .map((piece) => {
      const name = /^\{(\w+)\}$/.exec(piece)?.[1];
      if (name === undefined) return literal(piece);
      if (name === 'from') return withQuery(wholeMinute(from), `${seconds}000`);
      if (name === 'to') return withQuery(wholeMinute(toldAt), `${seconds}000`);
      if (words.includes(name) && fixed[name] !== undefined) return literal(encodedPart(fixed[name]));
      return words.includes(name) ? encoded(name, 'word') : name === 'slo' ? '' : literal(piece);
    })
    .join('');
}

/** What keeps a text from being several parts of a path, or none. */
const onePart = [
  ['%', '%25'],
  ['/', '%2F'],
  ['^[.]$', '%2E'],
  ['^[.][.]$', '%2E%2E'],
]
  .map(([found, written]) => ` | reReplaceAll "${found!}" "${written!}"`)
  .join('');

/** A label's value in an address; as a part of a path it is one part of it, whatever it holds: as `pathPart` has it. */
function encoded(name: string, as: 'part' | 'word'): Template {
  return `{{ $labels.${name}${as === 'part' ? onePart : ''} | urlquery | reReplaceAll "[+]" "%20" }}`;
}
