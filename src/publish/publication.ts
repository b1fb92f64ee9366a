import type { DestinationSettings, PublishSettings } from '../config/publishing.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { DesiredObject } from './desired-object.js';
import type { Destination } from './destination.js';
import type { Documents } from './documents.js';
import { ConfigurationDestination } from './alertmanager/configuration-destination.js';
import { configurationObjects } from './alertmanager/configuration-text.js';
import { FileDestination } from './files/file-destination.js';
import { fileObjects } from './files/file-objects.js';
import { AnnotationDestination } from './grafana/annotation-destination.js';
import { annotationObjects } from './grafana/annotation-text.js';
import { dashboardObjects } from './grafana/dashboard-text.js';
import { GrafanaDestination } from './grafana/grafana-destination.js';
import { Reload } from './files/reload.js';
import { KubernetesDestination } from './kubernetes/kubernetes-destination.js';
import { kubernetesObjects } from './kubernetes/kubernetes-objects.js';
import type { PastReader } from './past-moment.js';
import { groupObjects } from './ruler/group-text.js';
import { RulerDestination } from './ruler/ruler-destination.js';

/** A destination, and what is to be in it. */
export interface Publication {
  readonly destination: Destination;
  readonly desired: (documents: Documents) => readonly DesiredObject[];
}

/** Opens a destination of the configuration; whoever opens it closes it. */
export function publicationOf(settings: DestinationSettings, { set }: Pick<PublishSettings, 'set'>): Publication {
  switch (settings.kind) {
    case 'files': {
      const { name, folder, reloads, contents } = settings;
      const destination = new FileDestination({ name, folder, set, reloads: reloads.map((one) => new Reload(one)) });
      return { destination, desired: (documents) => fileObjects(documents, contents) };
    }
    case 'grafana':
      return { destination: new GrafanaDestination(settings, set), desired: dashboardObjects };
    case 'ruler':
      return { destination: new RulerDestination(settings), desired: (documents) => groupObjects(documents, settings) };
    case 'alertmanager':
      return { destination: new ConfigurationDestination(settings), desired: configurationObjects };
    case 'kubernetes':
      return {
        destination: new KubernetesDestination(settings, set),
        desired: (documents) => kubernetesObjects(documents, settings, set),
      };
  }
}

/** What happened, in a Grafana; none where nobody wants it there. Whoever opens it closes it. */
export function annotationsOf(
  settings: DestinationSettings,
  { set }: Pick<PublishSettings, 'set'>,
  { past, now }: { readonly past: PastReader; readonly now: EpochSeconds },
): readonly Publication[] {
  if (settings.kind !== 'grafana' || settings.annotationsSeconds === 0) return [];
  const range = { from: now - settings.annotationsSeconds, to: now };
  const destination = new AnnotationDestination(settings, { set, now });
  return [{ destination, desired: () => annotationObjects(past(range)) }];
}

/** Ends what every destination still asks for. */
export async function closeAll(publications: readonly Publication[]): Promise<void> {
  await Promise.all(publications.map(({ destination }) => destination.close()));
}
