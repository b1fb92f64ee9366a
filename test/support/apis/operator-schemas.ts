import { z } from 'zod';

/**
 * What the custom resources of the Prometheus and the Grafana operator may hold, as far as meshslo writes them: written by hand after
 * their Go types and the validation marks on them. Strict everywhere, as a child route is to the operator: an unknown key is a mistake.
 *
 * @see https://github.com/prometheus-operator/prometheus-operator, pkg/apis/monitoring/v1alpha1/alertmanager_config_types.go,
 * v1/prometheusrule_types.go and v1/types.go; https://github.com/grafana/grafana-operator, api/v1beta1/grafanadashboard_types.go,
 * content.go and common.go
 */

/** `NonEmptyDuration` and `Duration`. */
const duration = z
  .string()
  .regex(
    /^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$/,
    'no duration of the operator',
  )
  .min(1);
const longerThanNothing = duration.refine((text) => !/^0(s|m|h)?$/.test(text), 'must be greater than 0');
const filled = z.string().min(1);

const set = z.array(filled).refine((all) => new Set(all).size === all.length, 'listType=set');

/** `SecretKeySelector` of core/v1. */
const secretKey = z.strictObject({ name: filled, key: z.string().regex(/^[-._a-zA-Z0-9]{1,253}$/) });

const matcher = z.strictObject({ name: filled, value: z.string(), matchType: z.enum(['=', '!=', '=~', '!~']) });
const keyValues = z.array(z.strictObject({ key: filled, value: z.string() }));
const url = z.string().regex(/^https?:\/\/.+$/);

const route = z.strictObject({
  receiver: z.string().optional(),
  groupBy: set.optional(),
  groupWait: duration.optional(),
  groupInterval: longerThanNothing.optional(),
  repeatInterval: longerThanNothing.optional(),
  matchers: z.array(matcher).optional(),
  continue: z.boolean().optional(),
  muteTimeIntervals: set.optional(),
  activeTimeIntervals: set.optional(),
  get routes() {
    return z.array(route).optional();
  },
});

const httpConfig = z.strictObject({
  authorization: z.strictObject({ type: filled.optional(), credentials: secretKey.optional() }).optional(),
  basicAuth: z.strictObject({ username: secretKey.optional(), password: secretKey.optional() }).optional(),
  tlsConfig: z
    .strictObject({ ca: z.strictObject({ secret: secretKey }).optional(), insecureSkipVerify: z.boolean().optional() })
    .optional(),
  followRedirects: z.boolean().optional(),
});

const sendResolved = z.boolean().optional();

const email = z.strictObject({
  sendResolved,
  to: filled,
  from: filled.optional(),
  smarthost: filled.optional(),
  authUsername: filled.optional(),
  authPassword: secretKey.optional(),
  headers: keyValues.optional(),
  html: z.string().optional(),
  text: filled.optional(),
  requireTLS: z.boolean().optional(),
});

const slack = z.strictObject({
  sendResolved,
  apiURL: secretKey.optional(),
  channel: filled.optional(),
  title: filled.optional(),
  titleLink: z.string().optional(),
  text: filled.optional(),
  fallback: filled.optional(),
  httpConfig: httpConfig.optional(),
});

const pagerduty = z.strictObject({
  sendResolved,
  routingKey: secretKey,
  client: filled.optional(),
  clientURL: z.string().optional(),
  description: filled.optional(),
  severity: filled.optional(),
  class: filled.optional(),
  group: filled.optional(),
  component: filled.optional(),
  details: keyValues.optional(),
});

const opsgenie = z.strictObject({
  sendResolved,
  apiKey: secretKey.optional(),
  apiURL: url.optional(),
  message: filled.optional(),
  description: filled.optional(),
  source: filled.optional(),
  priority: filled.optional(),
  responders: z
    .array(
      z.strictObject({ name: filled.optional(), type: z.enum(['team', 'teams', 'user', 'escalation', 'schedule']) }),
    )
    .optional(),
});

const webhook = z.strictObject({ sendResolved, url, httpConfig: httpConfig.optional() });

const time = z.string().regex(/^((([01][0-9])|(2[0-3])):[0-5][0-9])$|(^24:00$)/);
const weekday = z
  .string()
  .regex(
    /^(sun|mon|tues|wednes|thurs|fri|satur)day(?:((:(sun|mon|tues|wednes|thurs|fri|satur)day)$)|$)/i,
    'no WeekdayRange',
  );

const timeInterval = z.strictObject({
  times: z.array(z.strictObject({ startTime: time, endTime: time })).optional(),
  weekdays: z.array(weekday).optional(),
});

/** `spec` of an AlertmanagerConfig, v1alpha1. */
export const alertmanagerConfigSpecSchema = z.strictObject({
  route,
  receivers: z.array(
    z.strictObject({
      name: filled,
      emailConfigs: z.array(email).optional(),
      slackConfigs: z.array(slack).optional(),
      pagerdutyConfigs: z.array(pagerduty).optional(),
      opsgenieConfigs: z.array(opsgenie).optional(),
      webhookConfigs: z.array(webhook).optional(),
    }),
  ),
  inhibitRules: z
    .array(
      z.strictObject({
        sourceMatch: z.array(matcher),
        targetMatch: z.array(matcher),
        equal: z.array(filled).optional(),
      }),
    )
    .optional(),
  muteTimeIntervals: z.array(z.strictObject({ name: filled, timeIntervals: z.array(timeInterval) })).optional(),
});

const texts = z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string());

const rule = z
  .strictObject({
    record: z
      .string()
      .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/)
      .optional(),
    alert: filled.optional(),
    expr: filled,
    for: duration.optional(),
    labels: texts.optional(),
    annotations: texts.optional(),
  })
  .refine(({ record, alert }) => (record === undefined) !== (alert === undefined), 'one of record and alert')
  .refine(({ record, annotations }) => record === undefined || annotations === undefined, 'annotations are of alerts');

/** `spec` of a PrometheusRule, v1. */
export const prometheusRuleSpecSchema = z.strictObject({
  groups: z
    .array(z.strictObject({ name: filled, interval: duration, rules: z.array(rule) }))
    .refine((groups) => new Set(groups.map(({ name }) => name)).size === groups.length, 'listMapKey=name'),
});

/** `spec` of a GrafanaDashboard, v1beta1; its other sources of a model are left out. */
export const grafanaDashboardSpecSchema = z.strictObject({
  instanceSelector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }),
  json: z.string().optional(),
  resyncPeriod: z
    .string()
    .regex(/^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$/)
    .optional(),
  allowCrossNamespaceImport: z.boolean().optional(),
});
