import { z } from 'zod';

const texts = z.record(z.string(), z.string());

/**
 * What Alertmanager posts to a webhook, as far as it is read here.
 *
 * @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config (version 4)
 */
export const alertmanagerMessage = z.looseObject({
  alerts: z
    .array(
      z.looseObject({
        status: z.enum(['firing', 'resolved']),
        labels: texts,
        annotations: texts,
      }),
    )
    .max(10_000),
});

/** One alert of a message. */
export type ToldAlert = z.infer<typeof alertmanagerMessage>['alerts'][number];
