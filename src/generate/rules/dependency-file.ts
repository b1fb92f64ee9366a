import type { LinkSettings } from '../../config/config.js';
import type { Slo } from '../../domain/slo.js';
import type { SignalPacks } from '../../packs/load-packs.js';
import { packFor } from '../../packs/load-packs.js';
import { binary, call, maxBy, number, sumBy } from '../../promql/expression.js';
import type { Expression, Matcher, Selector } from '../../promql/expression.js';
import { sideBySide } from './added.js';
import { label, ofThisSlo, sloInWords, withQuery } from './alert-template.js';
import { callSeconds, dependencyCallRules } from './dependency-calls.js';
import type { AlertingRule, RecordingRule, RuleFile } from './rule-file.js';
import type { RuleSettings } from './rule-settings.js';
import {
  budget,
  callersRequests,
  dependencyCalls,
  dependencyLabels,
  fiveMinuteEvents,
  minuteEvents,
  promisedFailures,
  serviceLabels,
  sliLabels,
  sloLabels,
} from './series-names.js';
import { before } from './shown-range.js';
import { recorded } from './sli-rules.js';
import { sloAlert } from './slo-alert-rules.js';

export const dependencyFileName = 'meshslo-dependencies';

/** So long a time says what services give each other; an incident of an hour is a hundredth of it. */
const givenSeconds = 3 * 86_400;

/** What is recorded with the calls is seen until it is recorded again, and a little longer. */
const seenSeconds = callSeconds + 300;

/** Who calls, and who is called. */
const callLabels = [...serviceLabels, ...dependencyLabels];

/** SLIs of all requests of a service: neither within a threshold, nor some of them, nor on the mesh's way only. */
const availability: Matcher = { label: 'sli', operator: '=~', value: '[^/]+/(server|client|union)' };

/**
 * Objectives that dependencies make impossible, from who calls whom how often; no file for meshes that do not tell.
 *
 * A failure counts as far as the dependency may fail: one that breaks its own promise has alerts of its own. And the service
 * must be failing: where it can do without what failed, nothing is out of reach.
 */
export function dependencyFile(
  slos: readonly Slo[],
  packs: SignalPacks,
  settings: RuleSettings,
  links: LinkSettings,
): readonly RuleFile[] {
  const inUse = new Set([...slos].flatMap(({ mesh }) => (mesh === undefined ? [] : (packFor(packs, mesh) ?? []))));
  const calls = [...inUse].flatMap((pack) => dependencyCallRules(pack, settings));
  if (calls.length === 0) return [];
  return [
    {
      name: dependencyFileName,
      about: ['Objectives that dependencies make impossible. Nothing else reads what is recorded here.'],
      groups: [
        {
          name: 'meshslo:dependency-calls',
          intervalSeconds: callSeconds,
          rules: [...calls, requestsRule(), promisedFailuresRule()],
        },
        { name: 'meshslo:dependencies', intervalSeconds: 300, rules: [outOfReach(links)] },
      ],
    },
  ];
}

/** As long as calls are counted, so that both are of the same minutes. */
function requestsRule(): RecordingRule {
  const asServer: Matcher = { ...availability, value: '[^/]+/server' };
  const minutes: Selector = { ...recorded(minuteEvents('events'), callSeconds), matchers: [asServer] };
  return { record: callersRequests, labels: {}, expression: sumBy(serviceLabels, call('sum_over_time', minutes)) };
}

function promisedFailuresRule(): RecordingRule {
  const on = { mode: 'on', labels: dependencyLabels, many: 'left' } as const;
  const promised = promisedByDependencies();
  const bad = binary(callsOf('bad_calls'), 'and', promised, { mode: 'on', labels: dependencyLabels });
  const allowed = binary(callsOf('calls'), '*', promised, on);
  const counted: Expression = {
    kind: 'aggregation',
    operator: 'min',
    by: callLabels,
    of: sideBySide([
      { sign: 1, of: bad },
      { sign: 1, of: allowed },
    ]),
  };
  const requests = call('sum_over_time', recorded(callersRequests, givenSeconds));
  const perRequest = binary(counted, '/', binary(requests, '>', number(0)), {
    mode: 'on',
    labels: serviceLabels,
    many: 'left',
  });
  return { record: promisedFailures, labels: {}, expression: perRequest };
}

function outOfReach(links: LinkSettings): AlertingRule {
  const onService = { mode: 'on', labels: serviceLabels, many: 'right' } as const;
  const of = recorded(promisedFailures, seenSeconds);
  const byOthers = binary(
    binary(sumBy(serviceLabels, call('last_over_time', of)), '/', allBudgets, onService),
    '>',
    number(1),
  );
  const ratio = binary(lately('bad_events', availability), '/', binary(lately('events', availability), '>', number(0)));
  const own = binary(ratio, '/', allBudgets, { mode: 'on', labels: sliLabels, many: 'right' });
  const failing = binary(own, '>', number(1));
  const ofThisService = { ...of, matchers: ofThisSlo.slice(0, serviceLabels.length) };
  const worst = call('topk', number(1), call('last_over_time', ofThisService));
  const promise = binary(binary(number(1), '-', promisedByDependencies()), 'and', worst, {
    mode: 'on',
    labels: dependencyLabels,
  });
  return sloAlert(
    'ObjectiveOutOfReach',
    { links, from: before(givenSeconds) },
    maxBy(sloLabels, binary(byOthers, 'and', failing)),
    {
      summary: `${sloInWords} promises more than its dependencies: they alone fail {{ $value | printf "%.1f" }}x as often as it may`,
      description:
        `Over three days, by calls that failed although what is called keeps its promises, for each request of ${label('service')}.` +
        withQuery(
          worst,
          ' Most by {{ .Labels.dependency_namespace }}/{{ .Labels.dependency_service }}: {{ .Value | humanizePercentage }} of the requests.',
        ) +
        withQuery(promise, ' It promises {{ .Value | humanizePercentage }}.'),
      action:
        'Agree with its owner on a better promise, need it less (a cache, a fallback, another try), or promise less yourself.',
    },
  );
}

const allBudgets: Selector = { kind: 'selector', metric: budget, matchers: [availability] };

/** The strictest promise of every service, by the labels of a dependency. */
function promisedByDependencies(): Expression {
  const strictest: Expression = { kind: 'aggregation', operator: 'min', by: serviceLabels, of: allBudgets };
  const renamed = serviceLabels.reduce<Expression>(
    (so, name) => call('label_replace', so, `dependency_${name}`, '$1', name, '(?s)(.*)'),
    strictest,
  );
  return { kind: 'aggregation', operator: 'min', by: dependencyLabels, of: renamed };
}

function callsOf(kind: 'calls' | 'bad_calls'): Expression {
  const sums = call('sum_over_time', recorded(dependencyCalls(kind), givenSeconds));
  return sumBy(callLabels, sums);
}

function lately(kind: 'events' | 'bad_events', of: Matcher): Expression {
  return call('sum_over_time', { ...recorded(fiveMinuteEvents(kind), givenSeconds), matchers: [of] });
}
