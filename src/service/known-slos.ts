import { existsSync } from 'node:fs';
import type { Config } from '../config/config.js';
import type { EpochSeconds } from '../domain/clock.js';
import { serviceKey } from '../domain/service-id.js';
import type { Slo } from '../domain/slo.js';
import { isForRules } from '../generate/rules/objectives-file.js';
import { Ledger } from '../ledger/ledger.js';
import { CurrentSlos } from './current-slos.js';
import { slosKnownTo } from './know-again.js';

/** Which SLOs there are, and where they are known from. */
export interface KnownSlos {
  readonly slos: readonly Slo[];
  /** Those that no rule can keep. */
  readonly left: readonly Slo[];
  /** Keys of services, sorted. */
  readonly services: readonly string[];
  /** How many of them only the ledger has met; undefined where there is no ledger. */
  readonly fromLedger: number | undefined;
}

/**
 * The SLOs of the services that files declare, and of those that the ledger has seen lately.
 *
 * @throws Failure of a ledger that cannot be read
 */
export function knownSlos(config: Config, now: EpochSeconds): KnownSlos {
  const declared = new CurrentSlos(config.slos).all();
  const hasLedger = existsSync(config.ledgerPath);
  const slos = hasLedger ? slosOfLedger(config, now) : declared;
  const names = new Set(declared.map(({ service }) => serviceKey(service)));
  const services = [...new Set(slos.map(({ service }) => serviceKey(service)))].sort();
  const fromLedger = hasLedger ? services.filter((key) => !names.has(key)).length : undefined;
  return { slos, left: slos.filter((slo) => !isForRules(slo)), services, fromLedger };
}

function slosOfLedger(config: Config, now: EpochSeconds): readonly Slo[] {
  const ledger = Ledger.open(config.ledgerPath, { readOnly: true });
  try {
    return slosKnownTo(ledger, config, now).all();
  } finally {
    ledger.close();
  }
}
