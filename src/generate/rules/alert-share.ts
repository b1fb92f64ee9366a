import type { RuleStoreSettings } from '../../config/config.js';
import type { Slo } from '../../domain/slo.js';
import type { Matcher } from '../../promql/expression.js';

/** The SLOs whose alerts stand in one file: a mistake in it leaves those of others alone. */
export interface AlertShare {
  readonly by: RuleStoreSettings['alertFiles'];
  /** A tier or an owner; empty where nobody is known. */
  readonly value: string;
}

/** Whose share an SLO is in. */
export function shareValue({ tier, owner }: Slo, by: AlertShare['by']): string {
  return by === 'tier' ? tier : (owner ?? '');
}

/** All shares of SLOs, in order. */
export function sharesOf(slos: readonly Slo[], by: AlertShare['by']): readonly AlertShare[] {
  return [...new Set(slos.map((slo) => shareValue(slo, by)))].sort().map((value) => ({ by, value }));
}

/** Of this share. */
export function ofShare({ by, value }: AlertShare): Matcher {
  return { label: by, operator: '=', value };
}
