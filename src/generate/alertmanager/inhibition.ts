import { inhibitions, sameSlo } from '../../domain/alert-inhibition.js';
import { alertSeverities } from '../../domain/alert-names.js';
import { labelIs, labelIsOneOf, labelIsThere } from './matcher.js';
import type { Section } from './receivers.js';

/**
 * What nobody needs to be told while something else is told already.
 *
 * Labels that both lack are equal to Alertmanager, so every rule asks for one that its alerts have.
 */
export const inhibitRules: readonly Section[] = inhibitions.map(({ firing, silences }) => ({
  source_matchers: [labelIs('alertname', firing), labelIs('severity', alertSeverities[firing]), labelIsThere('slo')],
  target_matchers: [labelIsOneOf('alertname', silences), labelIs('severity', 'ticket'), labelIsThere('slo')],
  equal: sameSlo,
}));
